package freshet.replicator.command;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a running daemon over HTTP, within a few seconds. */
public final class DaemonClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private DaemonClient() {}

  /**
   * What it answers.
   *
   * @param status of HTTP
   * @param body as text
   */
  public record Answer(int status, String body) {}

  /**
   * Asks.
   *
   * @throws CommandException with {@link ExitCode#UNAVAILABLE} if nothing answers
   */
  public static Answer get(URI url) throws CommandException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build()) {
      HttpRequest request = HttpRequest.newBuilder(url).timeout(ANSWER_TIMEOUT).build();
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "GET %s: no answer (%s): is the daemon running?".formatted(url, e),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.TRY_AGAIN, "GET " + url + ": interrupted", e);
    }
  }
}
