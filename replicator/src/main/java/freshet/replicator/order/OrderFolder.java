package freshet.replicator.order;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orders of one repository, a file each, and their answers. Any process may ask; the master
 * alone answers. What was answered is in the audit log for good.
 *
 * @param repository whose master is asked
 */
public record OrderFolder(LocalRepository repository) {
  private static final Logger LOG = LoggerFactory.getLogger(OrderFolder.class);
  private static final String ORDER = ".order.json";
  private static final String ANSWER = ".answer.json";
  private static final String DAMAGED = ".damaged";

  /** After which nobody waits for an answer any more. */
  private static final Duration ANSWERS_KEPT = Duration.ofDays(1);

  /**
   * A line of the audit log.
   *
   * @param at when it was answered, by the master's clock
   * @param asked what was asked
   * @param answer what came of it
   */
  record Audited(Instant at, Asked asked, Answer answer) {}

  /** Asks. The order is on disk when this returns. */
  public Asked ask(
      Order order, String by, @Nullable String reason, Instant now, RandomGenerator random)
      throws IOException {
    // In the order of time, as far as clocks allow; the rest makes it unique.
    String id =
        "%015d-%s".formatted(now.toEpochMilli(), HexFormat.of().toHexDigits(random.nextInt()));
    Asked asked = new Asked(Asked.FORMAT, id, order, by, now, reason);
    DurableFiles.createFolders(repository.layout().orders());
    DurableFiles.create(file(id, ORDER), SnapshotCodec.write(asked));
    return asked;
  }

  /** What was asked and not answered yet, oldest first. A file that is no order is put aside. */
  public List<Asked> open() throws IOException {
    List<Asked> open = new ArrayList<>();
    for (Path file : list(ORDER)) {
      try {
        open.add(SnapshotCodec.read(Files.readAllBytes(file), Asked.class, file.toString()));
      } catch (FormatException e) {
        // Cycles must not fail for ever by what somebody left there.
        Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
        LOG.warn("{}; it is put aside as {}: ask again", e.getMessage(), aside.getFileName());
        DurableFiles.rename(file, aside);
      }
    }
    open.sort(Comparator.comparing(Asked::id));
    return open;
  }

  /** The answer; empty as long as there is none. */
  public Optional<Answer> answer(Asked asked) throws IOException {
    Path file = file(asked.id(), ANSWER);
    try {
      return Optional.of(
          SnapshotCodec.read(Files.readAllBytes(file), Answer.class, file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Answers, durably, and ends the order. */
  public void answer(Asked asked, Answer answer, Instant now) throws IOException {
    audit(new Audited(now, asked, answer));
    DurableFiles.write(file(asked.id(), ANSWER), SnapshotCodec.write(answer));
    DurableFiles.delete(file(asked.id(), ORDER));
    for (Path old : list(ANSWER)) {
      if (Files.getLastModifiedTime(old).toInstant().isBefore(now.minus(ANSWERS_KEPT))) {
        Files.deleteIfExists(old);
      }
    }
  }

  private void audit(Audited line) throws IOException {
    byte[] bytes = (SnapshotCodec.writeText(line) + "\n").getBytes(StandardCharsets.UTF_8);
    try (FileChannel log =
        FileChannel.open(
            repository.layout().audit(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        int unused = log.write(buffer);
      }
      log.force(true);
    }
  }

  private List<Path> list(String suffix) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(repository.layout().orders(), "*" + suffix)) {
      all.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }

  private Path file(String id, String suffix) {
    return repository.layout().orders().resolve(id + suffix);
  }
}
