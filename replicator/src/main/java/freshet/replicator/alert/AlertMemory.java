package freshet.replicator.alert;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.incident.IncidentBook;
import freshet.replicator.incident.Notice;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a restart must not forget.
 *
 * @param book where all causes stand
 * @param next number of the next notice; never used twice
 * @param unsent notices, numbered before {@code next}, that may not be in every outbox yet
 */
record AlertMemory(IncidentBook book, long next, List<Notice> unsent) {
  private static final Logger LOG = LoggerFactory.getLogger(AlertMemory.class);
  private static final AlertMemory EMPTY = new AlertMemory(IncidentBook.EMPTY, 1, List.of());

  /** Copies the list. */
  AlertMemory {
    unsent = List.copyOf(unsent);
  }

  /** With new notices, and none that were handed over before. */
  AlertMemory with(IncidentBook newBook, List<Notice> notices) {
    return new AlertMemory(newBook, next + notices.size(), notices);
  }

  /** The same, whose next number is above this one. */
  AlertMemory after(long used) {
    return used < next ? this : new AlertMemory(book, used + 1, List.of());
  }

  /** The same after the clock was set, by so much. */
  AlertMemory stepped(Duration step) {
    return new AlertMemory(book.stepped(step), next, unsent);
  }

  /** The same, where nothing is to come: the clock may have been set back since it was written. */
  AlertMemory notAfter(Instant now) {
    return new AlertMemory(book.notAfter(now), next, unsent);
  }

  /** Number of the first of the unsent ones. */
  long firstUnsent() {
    return next - unsent.size();
  }

  /** What a file has; one that is damaged counts as none. */
  static AlertMemory read(Path file) {
    try {
      return SnapshotCodec.read(Files.readAllBytes(file), AlertMemory.class, file.toString());
    } catch (NoSuchFileException e) {
      return EMPTY;
    } catch (FormatException e) {
      LOG.error("{}: open incidents are told anew", e.getMessage());
      return EMPTY;
    } catch (IOException e) {
      LOG.error("{} can't be read ({}): open incidents are told anew", file, e.toString());
      return EMPTY;
    }
  }

  void write(Path file) throws IOException {
    DurableFiles.write(file, SnapshotCodec.write(this));
  }
}
