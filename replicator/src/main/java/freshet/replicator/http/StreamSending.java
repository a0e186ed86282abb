package freshet.replicator.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** Sends a stream's parts as they are made. A peer that takes too long for one is dropped. */
final class StreamSending {
  private StreamSending() {}

  static void send(HttpAnswer.Source source, Duration longestWrite, PatientWriter out)
      throws IOException {
    try {
      Optional<byte[]> part = source.next();
      while (part.isPresent()) {
        out.write(ByteBuffer.wrap(part.get()), false, longestWrite);
        part = source.next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server ends");
    }
  }
}
