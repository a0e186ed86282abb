package freshet.replicator.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.config.Secret;
import freshet.replicator.runtime.IoReason;
import freshet.replicator.runtime.WholeAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Pattern;

/** Asks a running daemon over HTTP, within a few seconds. */
public final class DaemonClient {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

  private static final int UNAUTHORIZED = 401;
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");

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
    HttpClient client = builder.build();
    try {
      HttpRequest.Builder request = HttpRequest.newBuilder(url);
      Secret token = access.token();
      if (token != null) {
        request.header("Authorization", "Bearer " + firstLine(url, token.fetch()));
      }
      HttpResponse<String> response =
          WholeAnswer.of(
              client, request.build(), HttpResponse.BodyHandlers.ofString(), ANSWER_TIMEOUT);
      if (response.statusCode() == UNAUTHORIZED) {
        throw new CommandException(
            ExitCode.NO_PERMISSION,
            "GET %s: it wants a token, or another one than the configuration has; give the daemon's own with --config FILE"
                .formatted(url));
      }
      return new Answer(response.statusCode(), response.body());
    } catch (WholeAnswer.LateException e) {
      throw new CommandException(
          ExitCode.UNAVAILABLE, "GET %s: %s".formatted(url, e.getMessage()), e);
    } catch (IOException e) {
      throw noAnswer(url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.TRY_AGAIN, "GET " + url + ": interrupted", e);
    } finally {
      client.shutdownNow();
    }
  }

  private static CommandException noAnswer(URI url, IOException e) {
    return new CommandException(
        ExitCode.UNAVAILABLE,
        "GET %s: no answer: %s; is the daemon running?".formatted(url, IoReason.of(e)),
        e);
  }

  /** A server may know several tokens, one a line; each of them will do. */
  private static String firstLine(URI url, String tokens) throws CommandException {
    String first = tokens.lines().findFirst().orElse("").strip();
    // The client would refuse it too, with the token in its message.
    if (!TOKEN.matcher(first).matches()) {
      throw new CommandException(
          ExitCode.NO_PERMISSION,
          "GET %s was not sent: the first line of its token is empty, or holds a blank or what is not ASCII"
              .formatted(url));
    }
    return first;
  }
}
