package freshet.replicator.pause;

import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What stands still at the moment, as a process sees it that goes by it. It looks at the files at
 * most twice a second, and logs what begins and ends. Thread-safe.
 */
public final class PauseWatch {
  private static final Logger LOG = LoggerFactory.getLogger(PauseWatch.class);
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(500);
  private static final String ALL = "everything";

  private final PauseFolder folder;
  private final Time time;
  private Pauses last = Pauses.NONE;
  private @Nullable Long lookedAt;
  private boolean isReadable = true;

  /** Of this repository or store. */
  public PauseWatch(RepositoryLayout layout, Time time) {
    this.folder = new PauseFolder(layout);
    this.time = time;
  }

  /** What stands still now. */
  public synchronized Pauses now() {
    Long before = lookedAt;
    if (before == null || time.since(before).compareTo(LOOK_INTERVAL) >= 0) {
      lookedAt = time.nanoTime();
      look();
    }
    return last.at(time.now());
  }

  /** The pause of everything; null if there is none now. */
  public @Nullable Pause whole() {
    return now().whole();
  }

  private void look() {
    try {
      Pauses held = folder.read().at(time.now());
      log(last, held);
      last = held;
      isReadable = true;
    } catch (IOException e) {
      if (isReadable) {
        LOG.warn("pauses can't be read, what was paused stays so: {}", e.toString());
      }
      isReadable = false;
    }
  }

  private static void log(Pauses before, Pauses now) {
    if (before.equals(now)) {
      return;
    }
    Map<String, Pause> ended = byName(before);
    byName(now)
        .forEach(
            (name, pause) -> {
              if (!pause.equals(ended.remove(name))) {
                LOG.info("{} is {}", name, pause.sentence());
              }
            });
    ended.forEach((name, pause) -> LOG.info("{} is resumed, was {}", name, pause.sentence()));
  }

  private static Map<String, Pause> byName(Pauses pauses) {
    Map<String, Pause> named = new LinkedHashMap<>();
    pauses
        .all()
        .forEach(
            pause -> {
              City city = pause.city();
              named.put(city == null ? ALL : "city " + city, pause);
            });
    return named;
  }
}
