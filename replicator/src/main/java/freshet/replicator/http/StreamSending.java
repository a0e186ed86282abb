package freshet.replicator.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends a stream's parts as they are made. A peer that takes too long for one is dropped by closing
 * its connection: an idle time-out would let one live that trickles.
 */
final class StreamSending {
  private StreamSending() {}

  static void send(
      HttpAnswer.Source source, Duration longestWrite, Request request, Response response)
      throws IOException {
    try {
      Optional<byte[]> part = source.next();
      while (part.isPresent()) {
        write(part.get(), longestWrite, request, response);
        part = source.next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server ends");
    }
  }

  private static void write(byte[] part, Duration longestWrite, Request request, Response response)
      throws IOException, InterruptedException {
    Callback.Completable written = new Callback.Completable();
    response.write(false, ByteBuffer.wrap(part), written);
    try {
      written.get(longestWrite.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      throw new EofException(
          "it did not take %d bytes within %d ms".formatted(part.length, longestWrite.toMillis()),
          e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException gone ? gone : new IOException(e.getCause());
    }
  }
}
