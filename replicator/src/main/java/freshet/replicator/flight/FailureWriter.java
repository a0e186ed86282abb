package freshet.replicator.flight;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes failures down. The first of a kind is logged and recorded at once; those that repeat it
 * within the same minute of the clock are counted and logged as one, and those within the minute
 * after a recording share it: a database that is down for a day fills no disk. What can't be
 * written is dropped and counted. Used by one thread.
 */
final class FailureWriter {
  private static final Logger LOG = LoggerFactory.getLogger(FailureWriter.class);
  private static final Duration SHARED = Duration.ofMinutes(1);

  private final FlightFolder folder;
  private final FlightOptions options;
  private final Time time;
  private final AtomicLong dropped;
  private final Map<Failure.Kind, Long> recorded = new HashMap<>();
  private final Map<Same, Repeated> repeated = new LinkedHashMap<>();
  private boolean isWritten = true;

  /** Failures that one line stands for. */
  private record Same(Failure.Kind kind, String attempt, String where) {}

  /**
   * What is counted of them.
   *
   * @param minute of the clock
   * @param more that are not logged yet
   * @param last of them
   */
  private record Repeated(Instant minute, int more, Failure last) {}

  FailureWriter(FlightFolder folder, FlightOptions options, Time time, AtomicLong dropped) {
    this.folder = folder;
    this.options = options;
    this.time = time;
    this.dropped = dropped;
    attempt(folder::prepare);
  }

  /**
   * Takes one over.
   *
   * @param recorder makes a recording, if one is due
   */
  void write(Failure failure, Function<Failure, Recording> recorder) {
    Same same = new Same(failure.kind(), failure.attempt(), failure.where());
    Instant minute = minute(failure.at());
    Repeated before = repeated.get(same);
    if (before != null && before.minute().equals(minute)) {
      repeated.put(same, new Repeated(minute, before.more() + failure.times(), failure));
    } else {
      flush(same);
      repeated.put(same, new Repeated(minute, 0, failure));
      attempt(() -> folder.append(failure, options));
    }
    record(failure, recorder);
  }

  /** Logs what was counted in minutes that are over; of all minutes if no more comes. */
  void flush(boolean isEnd) {
    Instant minute = minute(time.now());
    for (Same same : List.copyOf(repeated.keySet())) {
      Repeated counted = repeated.get(same);
      if (counted != null && (isEnd || !counted.minute().equals(minute))) {
        flush(same);
      }
    }
  }

  private void flush(Same same) {
    Repeated counted = repeated.remove(same);
    if (counted != null && counted.more() > 0) {
      Failure all = counted.last().times(counted.more());
      attempt(() -> folder.append(all, options));
    }
  }

  private void record(Failure failure, Function<Failure, Recording> recorder) {
    long now = time.nanoTime();
    recorded.values().removeIf(at -> time.since(at).compareTo(SHARED) >= 0);
    if (recorded.putIfAbsent(failure.kind(), now) == null) {
      attempt(() -> folder.write(recorder.apply(failure), options));
    }
  }

  private static Instant minute(Instant at) {
    return at.truncatedTo(ChronoUnit.MINUTES);
  }

  private interface Write {
    void run() throws IOException;
  }

  private void attempt(Write write) {
    try {
      write.run();
      if (!isWritten) {
        LOG.info("failures are recorded again; {} were not", dropped);
      }
      isWritten = true;
    } catch (IOException e) {
      dropped.incrementAndGet();
      if (isWritten) {
        LOG.warn("a failure is not recorded, nor are others until this works: {}", e.toString());
      }
      isWritten = false;
    }
  }
}
