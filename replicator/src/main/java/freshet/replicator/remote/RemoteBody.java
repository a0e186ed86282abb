package freshet.replicator.remote;

import java.io.IOException;
import java.io.InputStream;

/**
 * A file on its way.
 *
 * @param from where in the file the stream starts: the offset that was asked for, or 0 if the
 *     remote sends the whole file
 * @param stream the bytes from there to the end; its reads have deadlines
 */
public record RemoteBody(long from, InputStream stream) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    stream.close();
  }
}
