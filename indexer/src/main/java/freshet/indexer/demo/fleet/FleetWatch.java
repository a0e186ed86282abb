package freshet.indexer.demo.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.demo.client.JsonClient;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Generation;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at what all daemons say of themselves, and keeps what the summary needs of it. Used by one
 * thread.
 */
public final class FleetWatch implements AutoCloseable {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final Fleet fleet;
  private final Time time;
  private final Map<String, JsonClient> clients = new HashMap<>();
  private final Map<String, SlaveState> slaves = new HashMap<>();
  private final Map<String, AgeSamples> ages = new LinkedHashMap<>();
  private final Set<String> cyclesSeen = new HashSet<>();
  private @Nullable MasterState master;
  private long rescued;

  /** Looks at this fleet. */
  public FleetWatch(Fleet fleet, Time time) {
    this.fleet = fleet;
    this.time = time;
    for (Daemon daemon : fleet.all()) {
      clients.put(daemon.name(), new JsonClient(daemon.name(), daemon.url(), LONGEST_ANSWER));
    }
  }

  /** The daemons. */
  public Fleet fleet() {
    return fleet;
  }

  /** Asks all daemons for their status; one that doesn't answer has none until it does. */
  public void look() {
    JsonNode ofMaster = status(fleet.master());
    master = ofMaster == null ? null : StatusReader.master(ofMaster);
    if (ofMaster != null) {
      countRescued(StatusReader.cycles(ofMaster));
    }
    for (Daemon slave : fleet.slaves()) {
      JsonNode status = status(slave);
      if (status == null) {
        slaves.remove(slave.name());
      } else {
        slaves.put(slave.name(), StatusReader.slave(status));
      }
    }
  }

  /** Takes the ages of the last look as samples. */
  public void sampleAges() {
    slaves.forEach(
        (name, state) -> {
          Duration age = state.age();
          if (age != null) {
            ages.computeIfAbsent(name, key -> new AgeSamples()).add(age);
          }
        });
  }

  private @Nullable JsonNode status(Daemon daemon) {
    try {
      return Objects.requireNonNull(clients.get(daemon.name())).get("/status");
    } catch (IOException notNow) {
      return null;
    }
  }

  /** A master that was killed has forgotten its cycles, so they are counted as they are seen. */
  private void countRescued(JsonNode cycles) {
    Set<String> listed = new HashSet<>();
    for (JsonNode cycle : cycles) {
      String started = cycle.path("started").asText();
      listed.add(started);
      if (!cyclesSeen.contains(started)) {
        rescued += cycle.path("counts").path("rescued").asLong();
      }
    }
    cyclesSeen.clear();
    cyclesSeen.addAll(listed);
  }

  /** What the master said at the last look; null if it did not answer. */
  public @Nullable MasterState master() {
    return master;
  }

  /** What a slave said at the last look; null if it did not answer. */
  public @Nullable SlaveState slave(Daemon slave) {
    return slaves.get(slave.name());
  }

  /** Documents that polls have found behind their cursor. */
  public long rescuedByOverlap() {
    return rescued;
  }

  /** The ages of each slave that ever told its own. */
  public Map<String, AgeSamples.Ages> ages() {
    Map<String, AgeSamples.Ages> summaries = new HashMap<>();
    ages.forEach((name, all) -> all.summary().ifPresent(one -> summaries.put(name, one)));
    return summaries;
  }

  /** How many generations the repository has had, by the last look; 0 if unknown. */
  public long generationNumber() {
    String generation = master == null ? null : master.generation();
    return generation == null ? 0 : Generation.parse(generation).number();
  }

  /**
   * Waits until all slaves serve everything that the database held at a point of its own clock.
   *
   * @return what is still wrong after the given time, one line for each slave; empty if all do
   * @throws FleetException if a daemon has ended by itself
   */
  public List<String> awaitComplete(Instant through, Duration longest)
      throws FleetException, InterruptedException {
    long start = time.nanoTime();
    while (true) {
      fleet.check();
      look();
      List<String> behind = behind(through);
      if (behind.isEmpty() || time.since(start).compareTo(longest) > 0) {
        return behind;
      }
      time.sleep(BETWEEN_LOOKS);
    }
  }

  /**
   * Waits until all slaves serve something.
   *
   * @throws FleetException if one does not within the given time, or has ended
   */
  public void awaitAnswers(Duration longest) throws FleetException, InterruptedException {
    long start = time.nanoTime();
    while (true) {
      fleet.check();
      look();
      List<Daemon> silent = fleet.slaves().stream().filter(slave -> !serves(slave(slave))).toList();
      if (silent.isEmpty()) {
        return;
      }
      if (time.since(start).compareTo(longest) > 0) {
        throw new FleetException(
            "%s serves nothing after %d s; its log ends with:%n%s"
                .formatted(
                    silent.getFirst().name(), longest.toSeconds(), silent.getFirst().logTail()));
      }
      time.sleep(BETWEEN_LOOKS);
    }
  }

  private static boolean serves(@Nullable SlaveState state) {
    return state != null && state.generation() != null;
  }

  private List<String> behind(Instant through) {
    List<String> behind = new ArrayList<>();
    for (Daemon slave : fleet.slaves()) {
      SlaveState state = slave(slave);
      if (state == null) {
        behind.add(slave.name() + " does not answer; its log ends with:\n" + slave.logTail());
      } else {
        Instant complete = state.readThrough();
        if (complete == null || complete.isBefore(through)) {
          behind.add(
              "%s is complete up to %s only, not %s; it waits for: %s"
                  .formatted(slave.name(), complete, through, state.waitsFor()));
        }
      }
    }
    return behind;
  }

  @Override
  public void close() {
    clients.values().forEach(JsonClient::close);
  }
}
