package freshet.replicator.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * What slaves reported of themselves last. Holds so many of so many bytes, and forgets the silent
 * ones. Thread-safe.
 */
public final class FleetView {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<String, Slave> slaves = new TreeMap<>();
  private final int maxSlaves;
  private final Duration expiry;

  FleetView(int maxSlaves, Duration expiry) {
    this.maxSlaves = maxSlaves;
    this.expiry = expiry;
  }

  /**
   * A slave.
   *
   * @param name as it calls itself
   * @param reportedAt when its last report came, by this host's clock
   * @param report as it was sent
   */
  public record Slave(String name, Instant reportedAt, JsonNode report) {}

  /**
   * Everything that is known.
   *
   * @param at when, by this host's clock
   * @param slaves ordered by name
   */
  public record Fleet(Instant at, List<Slave> slaves) {
    /** Copies the list. */
    public Fleet {
      slaves = List.copyOf(slaves);
    }
  }

  /** The slaves that reported lately. */
  public Fleet at(Instant now) {
    lock.lock();
    try {
      forget(now);
      return new Fleet(now, new ArrayList<>(slaves.values()));
    } finally {
      lock.unlock();
    }
  }

  /** Takes a report; says why not, if not. */
  Optional<String> report(String name, JsonNode report, Instant now) {
    if (!NAME.matcher(name).matches()) {
      return Optional.of("'%.40s' is no name of a slave".formatted(name));
    }
    lock.lock();
    try {
      forget(now);
      if (slaves.size() >= maxSlaves && !slaves.containsKey(name)) {
        return Optional.of(
            "%d slaves report already, slave %s would be one more than this server keeps"
                .formatted(slaves.size(), name));
      }
      slaves.put(name, new Slave(name, now, report));
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void forget(Instant now) {
    slaves.values().removeIf(slave -> slave.reportedAt().isBefore(now.minus(expiry)));
  }
}
