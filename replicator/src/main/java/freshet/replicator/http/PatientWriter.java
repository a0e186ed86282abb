package freshet.replicator.http;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable;

/**
 * Writes one answer to a peer that may be slow, but not too slow: that one is dropped by closing
 * its connection. Only waits for the peer count, not those for the answer's turn. Used by one
 * thread.
 */
final class PatientWriter {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final Request request;
  private final Response response;
  private final SlowestPeer slowest;
  private final Time time;
  private Duration waited = Duration.ZERO;
  private long bytes;

  PatientWriter(Request request, Response response, SlowestPeer slowest, Time time) {
    this.request = request;
    this.response = response;
    this.slowest = slowest;
    this.time = time;
  }

  /** Ends the answer. */
  void end() throws IOException {
    write(NOTHING, true);
  }

  /** Writes some of it, and returns once that was handed to the system. */
  void write(ByteBuffer part, boolean isLast) throws IOException {
    int length = part.remaining();
    long start = time.nanoTime();
    write(part, isLast, slowest.over());
    waited = waited.plus(time.since(start));
    bytes += length;
    if (waited.compareTo(slowest.over()) >= 0) {
      if (!isLast && slowest.isSlow(bytes, waited)) {
        throw dropped("it took %d bytes within %d ms".formatted(bytes, waited.toMillis()));
      }
      waited = Duration.ZERO;
      bytes = 0;
    }
  }

  /** The same for a part that has a deadline of its own. */
  void write(ByteBuffer part, boolean isLast, Duration longest) throws IOException {
    int length = part.remaining();
    Callback.Completable written = new Callback.Completable(Invocable.InvocationType.NON_BLOCKING);
    response.write(isLast, part, written);
    try {
      written.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw dropped("it did not take %d bytes within %d ms".formatted(length, longest.toMillis()));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException gone ? gone : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server ends");
    }
  }

  private EofException dropped(String why) {
    request.getConnectionMetaData().getConnection().getEndPoint().close();
    return new EofException(why);
  }
}
