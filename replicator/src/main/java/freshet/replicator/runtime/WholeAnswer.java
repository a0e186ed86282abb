package freshet.replicator.runtime;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An answer over HTTP that comes whole within a time, or not at all. A request's own time-out ends
 * with the headers: an answer that stops in its body is waited for without end.
 */
public final class WholeAnswer {
  /** An answer that was not whole in time; the message says only that, and in what time. */
  public static final class LateException extends HttpTimeoutException {
    private static final long serialVersionUID = 1L;

    private LateException(Duration atMost) {
      super("no whole answer within %d ms".formatted(atMost.toMillis()));
    }
  }

  private WholeAnswer() {}

  /**
   * Asks.
   *
   * @param atMost for headers and body together
   * @throws LateException if it is not whole by then; its connection is closed
   * @throws IOException if there is none
   */
  public static <T> HttpResponse<T> of(
      HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> body, Duration atMost)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, body);
    try {
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new LateException(atMost);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } finally {
      // Of one that has ended nothing is left to cancel; of another the connection is closed.
      answer.cancel(true);
    }
  }
}
