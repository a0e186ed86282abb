package freshet.replicator.http;

import freshet.replicator.runtime.Time;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Sends answers, with the headers that every one has.
 *
 * @param time for the header that slaves measure the clocks' offset by
 * @param version of this build
 * @param slowest that a peer may be
 */
record Answering(Time time, String version, SlowestPeer slowest) {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /** Sends all of it; blocks as long as the peer takes, unless that is too slow. */
  void send(HttpAnswer answer, Request request, Response response) throws IOException {
    PatientWriter out = new PatientWriter(request, response, slowest, time);
    switch (answer.body()) {
      case HttpAnswer.Stream stream -> {
        try (HttpAnswer.Source source = stream.source()) {
          head(answer, response);
          if (!isHead(request)) {
            StreamSending.send(source, stream.longestWrite(), out);
          }
          out.end();
        }
      }
      case HttpAnswer.Sized sized when isHead(request) -> {
        head(answer, response);
        out.end();
      }
      case HttpAnswer.FilePart part -> {
        // Opened before the status is sent: a file that is gone is still an error that can be told.
        try (FileChannel channel = FileChannel.open(part.file(), StandardOpenOption.READ)) {
          head(answer, response);
          stream(channel, part, answer.transfer(), out, true);
        }
      }
      case HttpAnswer.Sized sized -> {
        head(answer, response);
        body(sized, answer.transfer(), out, true);
      }
    }
  }

  private static void body(
      HttpAnswer.Sized body, Transfer transfer, PatientWriter out, boolean isLast)
      throws IOException {
    switch (body) {
      case HttpAnswer.Bytes bytes -> {
        ByteBuffer left = ByteBuffer.wrap(bytes.bytes());
        do {
          ByteBuffer some = left.slice(left.position(), next(transfer, left.remaining()));
          left.position(left.position() + some.remaining());
          out.write(some, isLast && !left.hasRemaining());
        } while (left.hasRemaining());
      }
      case HttpAnswer.FilePart part -> {
        try (FileChannel channel = FileChannel.open(part.file(), StandardOpenOption.READ)) {
          stream(channel, part, transfer, out, isLast);
        }
      }
      case HttpAnswer.Parts several -> {
        int left = several.parts().size();
        for (HttpAnswer.Sized part : several.parts()) {
          left--;
          try {
            body(part, transfer, out, isLast && left == 0);
          } catch (NoSuchFileException e) {
            throw new EOFException(e.getMessage() + " was removed while it was to be sent");
          }
        }
      }
    }
  }

  /** Sends a small answer without blocking; for threads that must not. */
  void sendAtOnce(HttpAnswer answer, Response response, Callback callback) {
    head(answer, response);
    ByteBuffer body =
        answer.body() instanceof HttpAnswer.Bytes bytes ? ByteBuffer.wrap(bytes.bytes()) : NOTHING;
    response.write(true, body, callback);
  }

  private static int next(Transfer transfer, long left) throws IOException {
    try {
      return left == 0 ? 0 : transfer.next(left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the server ends");
    }
  }

  private void head(HttpAnswer answer, Response response) {
    response.setStatus(answer.status());
    answer.headers().forEach(response.getHeaders()::put);
    everywhere().forEach(response.getHeaders()::put);
    if (answer.status() != 304 && answer.body() instanceof HttpAnswer.Sized sized) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, sized.length());
    }
  }

  private Map<String, String> everywhere() {
    return Map.of("Freshet-Time", time.now().toString(), "Freshet-Version", version);
  }

  private static void stream(
      FileChannel channel,
      HttpAnswer.FilePart part,
      Transfer transfer,
      PatientWriter out,
      boolean isLast)
      throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocate((int) Math.min(Transfer.MAX_CHUNK_BYTES, part.length()));
    long at = part.offset();
    long left = part.length();
    if (left == 0) {
      out.write(ByteBuffer.allocate(0), isLast);
    }
    while (left > 0) {
      buffer.clear().limit(next(transfer, left));
      int n = channel.read(buffer, at);
      if (n < 0) {
        throw new EOFException(
            "%s ends at %d, its manifest says %d".formatted(part.file(), at, at + left));
      }
      at += n;
      left -= n;
      out.write(buffer.flip(), isLast && left == 0);
    }
  }

  private static boolean isHead(Request request) {
    return request.getMethod().equals("HEAD");
  }
}
