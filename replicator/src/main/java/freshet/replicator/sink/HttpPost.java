package freshet.replicator.sink;

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
import org.jspecify.annotations.Nullable;

/**
 * Posts JSON. The JDK's client can hang in the middle of a body whatever its own time-out says, so
 * that each attempt has a client of its own, which is shut down when the time is over.
 *
 * @param url to post to
 * @param shown the same for people: a path or query may hold a secret
 * @param token shown as a bearer token; null for none
 * @param timeout of one attempt as a whole
 */
record HttpPost(URI url, String shown, @Nullable Secret token, Duration timeout) {
  private static final Pattern TOKEN = Pattern.compile("[!-~]+");
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  /**
   * Posts once.
   *
   * @throws SinkException unless the answer is 2xx
   */
  void send(byte[] json) throws SinkException, InterruptedException {
    HttpRequest request = request(json);
    HttpClient client = HttpClient.newBuilder().connectTimeout(timeout).build();
    try {
      HttpResponse<String> response =
          WholeAnswer.of(client, request, unused -> new BodyStart(), timeout);
      check(response.statusCode(), response.body());
    } catch (WholeAnswer.LateException e) {
      throw SinkException.failed("POST %s: %s".formatted(shown, e.getMessage()), e);
    } catch (IOException e) {
      throw SinkException.failed("POST %s: %s".formatted(shown, IoReason.of(e)), e);
    } finally {
      client.shutdownNow();
    }
  }

  private HttpRequest request(byte[] json) throws SinkException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(url)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    Secret secret = token;
    if (secret != null) {
      request.header("Authorization", "Bearer " + fetched(secret));
    }
    return request.build();
  }

  private String fetched(Secret secret) throws SinkException {
    String value;
    try {
      value = secret.fetch();
    } catch (IOException e) {
      throw SinkException.failed(
          "POST %s was not sent: its token can't be had: %s".formatted(shown, e.getMessage()), e);
    }
    // The client would refuse it too, with the token in its message.
    if (!TOKEN.matcher(value).matches()) {
      throw SinkException.failed(
          "POST %s was not sent: its token holds a blank, a line break or what is not ASCII; one line without any is expected"
              .formatted(shown),
          null);
    }
    return value;
  }

  private void check(int status, String body) throws SinkException {
    if (status / 100 == 2) {
      return;
    }
    String found =
        "POST %s: HTTP %d, 2xx is expected: %s"
            .formatted(shown, status, body.replaceAll("\\s+", " ").strip());
    // What a person can mend at the other side or in the configuration is worth another attempt.
    boolean mayChange =
        status / 100 != 4
            || status == UNAUTHORIZED
            || status == FORBIDDEN
            || status == NOT_FOUND
            || status == REQUEST_TIMEOUT
            || status == TOO_MANY_REQUESTS;
    throw mayChange ? SinkException.failed(found, null) : SinkException.refused(found);
  }
}
