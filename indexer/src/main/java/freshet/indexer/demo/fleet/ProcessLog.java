package freshet.indexer.demo.fleet;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a daemon says on its standard output and error, in a file that does not grow for ever. */
final class ProcessLog {
  private static final long MOST_BYTES = 16L << 20;
  private static final int TAIL_BYTES = 4096;

  private final Path file;

  ProcessLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** Empties the file if it has grown too large; the daemon appends, so it goes on from there. */
  void bound() throws IOException {
    if (Files.exists(file) && Files.size(file) > MOST_BYTES) {
      try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
        open.setLength(0);
      }
    }
  }

  /** The last lines, for a message. */
  String tail() {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      long from = Math.max(0, open.length() - TAIL_BYTES);
      byte[] bytes = new byte[(int) (open.length() - from)];
      open.seek(from);
      open.readFully(bytes);
      String text = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
      // Not the rest of a line that began before.
      return from == 0 ? text : text.substring(text.indexOf('\n') + 1);
    } catch (IOException e) {
      return "(" + file + " could not be read: " + e + ")";
    }
  }
}
