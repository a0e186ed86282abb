package freshet.indexer.app;

import freshet.indexer.schedule.CycleReport;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which cities do not go along with the others, since when, and why: for whoever asks without a
 * daemon. The manifest says how far each has come, but not the reason.
 *
 * @param cities that are behind
 */
record HeldCities(SortedMap<City, Held> cities) {
  private static final Logger LOG = LoggerFactory.getLogger(HeldCities.class);
  private static final HeldCities NONE = new HeldCities(Collections.emptySortedMap());

  /**
   * A city that is behind.
   *
   * @param since when the first cycle began that left it behind
   * @param reason the last that was given
   * @param nextTry when it is tried again; null for the next cycle
   */
  record Held(Instant since, String reason, @Nullable Instant nextTry) {
    /** In one line. */
    @Override
    public String toString() {
      return "since %s: %s%s"
          .formatted(
              since,
              reason.replaceAll("\\s+", " "),
              nextTry == null ? "" : "; tried again at " + nextTry);
    }
  }

  /** Copies the map. */
  HeldCities {
    cities = Collections.unmodifiableSortedMap(new TreeMap<>(cities));
  }

  /** After one more cycle. */
  HeldCities after(CycleReport report) {
    SortedMap<City, Held> next = new TreeMap<>();
    for (City city : report.behind()) {
      Held before = cities.get(city);
      String last = before == null ? "it catches up" : before.reason;
      String held = report.held().get(city);
      String stays = held == null ? last : "the publish gate holds it: " + held;
      String withheld = report.withheld().getOrDefault(city, stays);
      next.put(
          city,
          new Held(
              before == null ? report.started() : before.since,
              report.failed().getOrDefault(city, withheld),
              report.nextTries().get(city)));
    }
    return new HeldCities(next);
  }

  /** What was noted in a working folder; a damaged note counts as none. */
  static HeldCities read(Path work) throws IOException {
    try {
      return SnapshotCodec.read(
          Files.readAllBytes(file(work)), HeldCities.class, file(work).toString());
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (FormatException e) {
      LOG.warn("{}; it is noted anew", e.toString());
      return NONE;
    }
  }

  /** The same after one more cycle, noted if that changed anything, else by a later one. */
  HeldCities noted(Path work, CycleReport report) {
    HeldCities now = after(report);
    if (now.equals(this)) {
      return this;
    }
    try {
      DurableFiles.write(file(work), SnapshotCodec.write(now));
      return now;
    } catch (IOException e) {
      LOG.warn("which cities are behind was not noted in {}: {}", file(work), e.toString());
      return this;
    }
  }

  private static Path file(Path work) {
    return work.resolve("held.json");
  }
}
