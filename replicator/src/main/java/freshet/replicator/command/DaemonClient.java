package freshet.replicator.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.config.Secret;
import freshet.replicator.runtime.IoReason;
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

  private static final int UNAUTHORIZED = 401;

  private DaemonClient() {}

  /**
   * What it answers.
   *
   * @param status of HTTP
   * @param body as text
   */
  public record Answer(int status, String body) {

    /** What is wrong and what to do, where the body says both; else all of the body. */
    public String problem() {
      try {
        JsonNode error = Json.parse(body);
        return error.hasNonNull("error") && error.hasNonNull("fix")
            ? error.path("error").asText() + "; " + error.path("fix").asText()
            : body;
      } catch (JsonProcessingException e) {
        return body;
      }
    }
  }

  /**
   * Asks.
   *
   * @param access whom to trust and what to show
   * @throws CommandException with {@link ExitCode#UNAVAILABLE} if nothing answers
   */
  public static Answer get(URI url, DaemonAccess access) throws CommandException {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT);
    if (access.tls() != null) {
      builder.sslContext(access.tls());
    }
    try (HttpClient client = builder.build()) {
      HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(ANSWER_TIMEOUT);
      Secret token = access.token();
      if (token != null) {
        request.header("Authorization", "Bearer " + firstLine(token.fetch()));
      }
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == UNAUTHORIZED) {
        throw new CommandException(
            ExitCode.NO_PERMISSION,
            "GET %s: it wants a token, or another one than the configuration has; give the daemon's own with --config FILE"
                .formatted(url));
      }
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE,
          "GET %s: no answer: %s; is the daemon running?".formatted(url, IoReason.of(e)),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.TRY_AGAIN, "GET " + url + ": interrupted", e);
    }
  }

  /** A server may know several tokens, one a line; each of them will do. */
  private static String firstLine(String tokens) {
    return tokens.lines().findFirst().orElse("").strip();
  }
}
