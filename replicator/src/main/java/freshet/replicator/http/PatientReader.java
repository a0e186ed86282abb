package freshet.replicator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Invocable;

/** Reads the body of a request whole, within a size and a time. Used by one thread. */
final class PatientReader {
  private final Request request;
  private final int maxBytes;
  private final Duration longest;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();

  PatientReader(Request request, int maxBytes, SlowestPeer slowest) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.longest = slowest.longest(maxBytes);
  }

  /**
   * The body.
   *
   * @throws HttpProblem 413 if it is too long, 408 if it comes too slowly, whose connection is
   *     closed, 400 if it broke off
   */
  byte[] read() throws HttpProblem {
    CompletableFuture<byte[]> whole = new CompletableFuture<>();
    take(whole);
    try {
      return whole.get(longest.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // What waits for more of it ends by that, and so does the connection's place.
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      awaitEnd(whole);
      throw new HttpProblem(
          408,
          "the body did not come within %d s".formatted(longest.toSeconds()),
          "send it at once");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpProblem problem) {
        throw problem;
      }
      throw new HttpProblem(400, "the body broke off: " + e.getCause(), "send all of it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpProblem(503, "the server ends", "ask again later");
    }
  }

  /** Takes what is there, and comes back for more. Called by one thread at a time. */
  private void take(CompletableFuture<byte[]> whole) {
    while (true) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(Invocable.from(Invocable.InvocationType.NON_BLOCKING, () -> take(whole)));
        return;
      }
      if (Content.Chunk.isFailure(chunk)) {
        whole.completeExceptionally(new IOException(chunk.getFailure()));
        return;
      }
      boolean isLast = chunk.isLast();
      boolean isTooLong = body.size() + chunk.remaining() > maxBytes;
      if (!isTooLong) {
        add(chunk.getByteBuffer());
      }
      chunk.release();
      if (isTooLong) {
        whole.completeExceptionally(
            new HttpProblem(
                413, "the body has more than %d bytes".formatted(maxBytes), "send less"));
        return;
      }
      if (isLast) {
        whole.complete(body.toByteArray());
        return;
      }
    }
  }

  private void add(ByteBuffer some) {
    byte[] bytes = new byte[some.remaining()];
    some.get(bytes);
    body.writeBytes(bytes);
  }

  /** An answer can't end while the body is still waited for. */
  private static void awaitEnd(CompletableFuture<byte[]> whole) {
    try {
      whole.get(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // Broken off, as it was meant to be.
      return;
    }
  }
}
