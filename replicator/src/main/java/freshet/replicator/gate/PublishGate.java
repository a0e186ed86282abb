package freshet.replicator.gate;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gate of one repository's master. It knows what every city was published with during the last
 * 24 h, and holds those that have lost too much. Holds outlive the process, the history does so up
 * to what moves between cities in its last moments. Not thread-safe: whoever publishes calls it,
 * one call at a time.
 */
public final class PublishGate {
  private static final Logger LOG = LoggerFactory.getLogger(PublishGate.class);

  /** The manifests tell again what the file does not have yet. */
  private static final Duration SAVE_EVERY = Duration.ofMinutes(10);

  /** This part of the documents that a city may lose may be off after a crash. */
  private static final int UNSAVED_SHARE = 10;

  private final HoldFolder holds;
  private final HistoryFile file;
  private final DocumentHistory history;
  private final GateLimits limits;
  private final Time time;

  /** What moved between cities and is in no file yet. */
  private final Map<City, Long> unsaved = new HashMap<>();

  private @Nullable Generation current;
  private Instant saved;

  private PublishGate(
      LocalRepository repository,
      DocumentHistory history,
      @Nullable Generation current,
      GateLimits limits,
      Time time) {
    this.holds = new HoldFolder(repository);
    this.file = new HistoryFile(repository);
    this.history = history;
    this.current = current;
    this.limits = limits;
    this.time = time;
    this.saved = time.now();
  }

  /**
   * Opens the gate of a repository.
   *
   * @param current what LATEST names; null for nothing
   */
  public static PublishGate open(
      LocalRepository repository, @Nullable Snapshot current, GateLimits limits, Time time)
      throws IOException {
    Generation latest = current == null ? null : current.generation();
    DocumentHistory history =
        latest == null ? new DocumentHistory() : new HistoryFile(repository).read(latest);
    return new PublishGate(repository, history, latest, limits, time);
  }

  /** Cities that are held. */
  public SortedMap<City, HeldCity> held() throws IOException {
    return holds.read();
  }

  /** Notes how many documents left each of these cities for others, so that nobody misses them. */
  public void departed(Map<City, Long> documents) throws IOException {
    boolean isMany = false;
    for (Map.Entry<City, Long> city : documents.entrySet()) {
      history.lower(city.getKey(), city.getValue());
      long open = unsaved.merge(city.getKey(), city.getValue(), Long::sum);
      isMany |= open > limits.maxDropDocuments() / UNSAVED_SHARE;
    }
    if (isMany) {
      save();
    }
  }

  /**
   * Looks at cities that are to be published. Holds begin and end with this, durably.
   *
   * @param counts of documents
   * @param unremembered those of which nobody knows what moved since they were published: what the
   *     others gained counts for that
   * @param behind cities that have still to catch up
   */
  public GateReport examine(Map<City, Long> counts, Set<City> unremembered, Set<City> behind)
      throws IOException {
    holds.mend();
    SortedMap<City, HeldCity> all = new TreeMap<>(holds.read());
    boolean isReplayed =
        all.values().stream()
            .noneMatch(one -> one.hold() instanceof Hold.Replaying && behind.contains(one.city()));
    long gained = unremembered.isEmpty() ? 0 : history.gained(counts);
    SortedMap<City, HeldCity> held = new TreeMap<>();
    for (Map.Entry<City, Long> candidate : counts.entrySet()) {
      City city = candidate.getKey();
      HeldCity before = all.get(city);
      if (before == null && unremembered.contains(city)) {
        explain(city, candidate.getValue(), gained);
      }
      OptionalLong expected = history.most(city, time.now());
      Hold hold = before == null ? null : before.hold();
      switch (Verdict.of(candidate.getValue(), expected, hold, isReplayed, limits)) {
        case Verdict.Pass pass -> {
          if (before != null && !before.hold().endsOncePublished()) {
            end(before);
            all.remove(city);
          }
        }
        case Verdict.Approved(Approval approval) -> {
          LOG.info(
              "city {}: {} documents pass, as {} approved", city, candidate.getValue(), approval);
          history.forget(city);
          save();
          if (before != null) {
            end(before);
            all.remove(city);
          }
        }
        case Verdict.Stay(Hold stay) -> {
          HeldCity one = hold(city, before, stay);
          held.put(city, one);
          all.put(city, one);
        }
      }
    }
    return new GateReport(held, whole(all.values()));
  }

  /**
   * Holds a city for another reason than its count. What a person decided stands until another
   * person decides.
   */
  public void hold(City city, Hold why) throws IOException {
    HeldCity before = holds.read().get(city);
    if (before == null || !before.hold().isDecided() || why.isOrdered()) {
      HeldCity unused = hold(city, before, why);
    }
  }

  /**
   * Ends a hold, whatever it is.
   *
   * @param isExpected whether the next count of that city passes, whatever it is
   */
  public void release(City city, boolean isExpected) throws IOException {
    HeldCity before = holds.read().get(city);
    if (isExpected) {
      history.forget(city);
      save();
    }
    if (before != null) {
      end(before);
    }
  }

  /** Notes what is published now. */
  public void published(Generation generation, List<CityEntry> changed, List<City> removed)
      throws IOException {
    Instant now = time.now();
    current = generation;
    changed.forEach(entry -> history.record(entry.city(), entry.documents(), now));
    removed.forEach(history::forget);
    endPublished(changed, removed);
    if (now.isAfter(saved.plus(SAVE_EVERY))) {
      save();
    }
  }

  private void endPublished(List<CityEntry> changed, List<City> removed) throws IOException {
    SortedMap<City, HeldCity> held = holds.read();
    for (CityEntry entry : changed) {
      HeldCity one = held.get(entry.city());
      if (one != null && one.hold().endsOncePublished() && entry.behind() == null) {
        end(one);
      }
    }
    for (City city : removed) {
      HeldCity one = held.get(city);
      if (one != null && !(one.hold() instanceof Hold.RolledBack)) {
        end(one);
      }
    }
  }

  private void explain(City city, long documents, long gained) throws IOException {
    long missing = history.most(city, time.now()).orElse(0) - documents;
    long moved = Math.min(missing, gained);
    if (moved > 0) {
      departed(Map.of(city, moved));
    }
  }

  private HeldCity hold(City city, @Nullable HeldCity before, Hold why) throws IOException {
    Instant since = before == null ? time.now() : before.since();
    HeldCity held = HeldCity.of(city, since, why);
    if (!held.equals(before)) {
      holds.write(held);
      if (before == null || before.hold().getClass() != why.getClass()) {
        LOG.warn("city {}: held since {}: {}", city, since, why.explain());
      }
    }
    return held;
  }

  private void end(HeldCity held) throws IOException {
    holds.remove(held.city());
    LOG.info("city {}: held no longer; it was since {}", held.city(), held.since());
  }

  private @Nullable String whole(Collection<HeldCity> all) {
    long failed = all.stream().filter(one -> one.hold().isFailure()).count();
    return failed <= limits.maxHeldCities()
        ? null
        : "%s the publish gate, more than gate.max_held_cities = %d: nothing is published until some are approved (bin/replicator approve) or recover"
            .formatted(Count.of(failed, "city fails", "cities fail"), limits.maxHeldCities());
  }

  private void save() throws IOException {
    Generation upTo = current;
    if (upTo != null) {
      file.write(upTo, history);
      unsaved.clear();
      saved = time.now();
    }
  }
}
