package freshet.replicator.alert;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.incident.Notice;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The incidents that people were told of, those that are over included: what remains when the book
 * of open ones has forgotten them. A file, bounded; immutable in memory.
 *
 * @param newest number of the last notice that is in it
 * @param incidents the oldest first
 */
public record IncidentJournal(long newest, List<ToldIncident> incidents) {
  private static final Logger LOG = LoggerFactory.getLogger(IncidentJournal.class);
  private static final IncidentJournal EMPTY = new IncidentJournal(0, List.of());

  /** Copies the list. */
  public IncidentJournal {
    incidents = List.copyOf(incidents);
  }

  /**
   * That of a node's folder, whether or not the node runs.
   *
   * @throws IOException if it is there and can't be read
   */
  public static IncidentJournal read(Path folder) throws IOException {
    Path file = file(folder);
    try {
      return SnapshotCodec.read(Files.readAllBytes(file), IncidentJournal.class, file.toString());
    } catch (NoSuchFileException e) {
      return EMPTY;
    }
  }

  /** The same, where one that is damaged counts as none: a node must start. */
  static IncidentJournal readOrBegin(Path folder) {
    try {
      return read(folder);
    } catch (FormatException e) {
      LOG.error("{}: past incidents are forgotten", e.getMessage());
    } catch (IOException e) {
      LOG.error("{} can't be read ({}): past incidents are forgotten", file(folder), e.toString());
    }
    return EMPTY;
  }

  /** With a notice; one that is in it already, by its number, changes nothing. */
  IncidentJournal with(long number, Notice notice, int most) {
    if (number <= newest) {
      return this;
    }
    String id = notice.incident().id();
    List<ToldIncident> next = new ArrayList<>(incidents);
    int at = next.size() - 1;
    while (at >= 0 && !next.get(at).incident().id().equals(id)) {
      at--;
    }
    if (at >= 0) {
      next.set(at, next.get(at).after(notice));
    } else {
      next.add(ToldIncident.of(notice));
    }
    return new IncidentJournal(number, next.subList(Math.max(0, next.size() - most), next.size()));
  }

  /**
   * Ends what is open here and nowhere else: its end was never told, since the memory of it was
   * lost.
   *
   * @param open ids
   */
  IncidentJournal closedBut(Set<String> open) {
    return new IncidentJournal(
        newest,
        incidents.stream()
            .map(each -> open.contains(each.incident().id()) ? each : each.forgotten())
            .toList());
  }

  void write(Path folder) throws IOException {
    DurableFiles.write(file(folder), SnapshotCodec.write(this));
  }

  private static Path file(Path folder) {
    return folder.resolve("journal.json");
  }
}
