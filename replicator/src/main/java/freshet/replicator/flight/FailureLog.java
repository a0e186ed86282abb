package freshet.replicator.flight;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures as JSON lines in two files: the one that is written, and the one before it. A line that
 * a kill or a full disk left unfinished, or that is damaged, is passed over.
 */
final class FailureLog {
  private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

  private final Path newer;
  private final Path older;

  FailureLog(Path folder) {
    this.newer = folder.resolve("failures.jsonl");
    this.older = folder.resolve("failures.1.jsonl");
  }

  /**
   * Adds one; it is on disk when this returns.
   *
   * @param maxBytes of both files together
   */
  void append(Failure failure, long maxBytes) throws IOException {
    byte[] json = SnapshotCodec.write(failure);
    if (Files.exists(newer) && Files.size(newer) + json.length > maxBytes / 2) {
      DurableFiles.rename(newer, older);
    }
    // What precedes may be half a line: this one stands on a line of its own whatever it is.
    ByteBuffer line = ByteBuffer.allocate(json.length + 2).put((byte) '\n').put(json);
    line.put((byte) '\n').flip();
    try (FileChannel channel =
        FileChannel.open(newer, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(false);
    }
  }

  /** All of them, the oldest first. */
  List<Failure> read() throws IOException {
    List<Failure> failures = new ArrayList<>();
    for (Path file : List.of(older, newer)) {
      try {
        // A byte that is no UTF-8 harms its own line alone.
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        for (String line : text.lines().toList()) {
          if (!line.isEmpty()) {
            add(line, file, failures);
          }
        }
      } catch (NoSuchFileException e) {
        LOG.trace("{} has not been written yet", file);
      }
    }
    return failures;
  }

  private static void add(String line, Path file, List<Failure> to) {
    try {
      byte[] json = line.getBytes(StandardCharsets.UTF_8);
      to.add(SnapshotCodec.read(json, Failure.class, "a line of " + file));
    } catch (FormatException e) {
      LOG.debug("{}", e.getMessage(), e);
    }
  }
}
