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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
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

  /** Cities that fail, by the last examination and by what was found since. */
  private final Set<City> failing = new TreeSet<>();

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
    PublishGate gate = new PublishGate(repository, history, latest, limits, time);
    if (current != null) {
      gate.endOverdue(current);
    }
    return gate;
  }

  /**
   * Ends holds whose cities were published just before the last process ended: whatever is held
   * lies behind. One that was to be held next is looked at again before that.
   */
  private void endOverdue(Snapshot current) throws IOException {
    for (HeldCity one : held().values()) {
      boolean isPublished =
          current.city(one.city()).filter(entry -> entry.behind() == null).isPresent();
      if (isPublished && one.hold().endsOncePublished() && one.hold().leave() == null) {
        end(one);
      }
    }
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
   * Looks at cities that are to be published. Holds begin and end with this, durably; but an
   * approved one stays until its city is published, so that whatever keeps it from that uses up no
   * approval and loses no bound.
   *
   * @param counts of documents
   * @param unremembered those of which nobody knows what moved since they were published: what the
   *     others gained counts for that
   * @param behind cities that have still to catch up
   */
  public GateReport examine(Map<City, Long> counts, Set<City> unremembered, Set<City> behind)
      throws IOException {
    holds.mend();
    if (current == null) {
      endAll();
    }
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
          }
          all.remove(city);
        }
        case Verdict.Approved approved -> all.remove(city);
        case Verdict.Stay(Hold stay) -> {
          HeldCity one = hold(city, before, stay);
          held.put(city, one);
          all.put(city, one);
        }
      }
    }
    failing.clear();
    // One that could not be read fails when it is tried, not for as long as it is not tried again.
    all.values().stream()
        .filter(one -> one.hold() instanceof Hold.Dropped)
        .forEach(one -> failing.add(one.city()));
    return new GateReport(held, whole().orElse(null));
  }

  /**
   * Why nothing at all may be published, by the last examination and the cities that were held for
   * a failure since; empty if the others may.
   */
  public Optional<String> whole() {
    return failing.size() <= limits.maxHeldCities()
        ? Optional.empty()
        : Optional.of(
            "%s the publish gate, more than gate.max_held_cities = %d: nothing is published until some are approved (bin/replicator approve) or recover"
                .formatted(
                    Count.of(failing.size(), "city fails", "cities fail"), limits.maxHeldCities()));
  }

  /** Holds one city. */
  public void hold(City city, Hold why) throws IOException {
    hold(Set.of(city), why);
  }

  /**
   * Holds cities for another reason than their count. What a person decided stands until another
   * person decides, and an approval until it is used.
   */
  public void hold(Set<City> cities, Hold why) throws IOException {
    SortedMap<City, HeldCity> held = holds.read();
    for (City city : cities) {
      if (why.isFailure()) {
        failing.add(city);
      }
      HeldCity before = held.get(city);
      if (before == null || !before.hold().isDecided() || why.isOrdered()) {
        Hold now =
            before != null && why instanceof Hold.Exchanged exchanged
                ? exchanged.approved(before.hold().leave())
                : why;
        HeldCity unused = hold(city, before, now);
      }
    }
  }

  /** Ends the hold of one city. */
  public void release(City city, boolean isExpected) throws IOException {
    release(Set.of(city), isExpected);
  }

  /**
   * Ends holds, whatever they are.
   *
   * @param isExpected whether the next count of each city passes, whatever it is
   */
  public void release(Set<City> cities, boolean isExpected) throws IOException {
    SortedMap<City, HeldCity> held = holds.read();
    if (isExpected) {
      cities.forEach(history::forget);
      save();
    }
    for (City city : cities) {
      HeldCity before = held.get(city);
      if (before != null) {
        end(before);
      }
    }
  }

  /** Notes what is published now. */
  public void published(Generation generation, List<CityEntry> changed, List<City> removed)
      throws IOException {
    Instant now = time.now();
    current = generation;
    SortedMap<City, HeldCity> held = holds.read();
    List<HeldCity> over = new ArrayList<>();
    boolean isForgotten = false;
    for (CityEntry entry : changed) {
      HeldCity one = held.get(entry.city());
      boolean isUsed = one != null && isUsed(one.hold().leave(), entry);
      if (isUsed) {
        history.forget(entry.city());
        isForgotten = true;
      }
      if (one != null && (isUsed || (one.hold().endsOncePublished() && entry.behind() == null))) {
        over.add(one);
      }
      history.record(entry.city(), entry.documents(), now);
    }
    for (City city : removed) {
      history.forget(city);
      HeldCity one = held.get(city);
      if (one != null && !(one.hold() instanceof Hold.RolledBack)) {
        over.add(one);
      }
    }
    // Before the holds end: what was approved would else be missed again after a crash.
    if (isForgotten || now.isAfter(saved.plus(SAVE_EVERY))) {
      save();
    }
    for (HeldCity one : over) {
      end(one);
    }
  }

  /** A city that is behind is published as it was, or has still to catch up. */
  private static boolean isUsed(@Nullable Approval leave, CityEntry entry) {
    boolean isUsed =
        leave != null && entry.behind() == null && entry.documents() >= leave.documents();
    if (isUsed) {
      LOG.info("city {}: {} documents passed, as {}", entry.city(), entry.documents(), leave);
    }
    return isUsed;
  }

  /** Held where nothing is published, as after a lost LATEST, a city would be in no snapshot. */
  private void endAll() throws IOException {
    for (HeldCity one : held().values()) {
      LOG.warn(
          "city {}: nothing is published that it could stay at: {}",
          one.city(),
          one.hold().explain());
      end(one);
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

  private void save() throws IOException {
    Generation upTo = current;
    if (upTo != null) {
      file.write(upTo, history);
      unsaved.clear();
      saved = time.now();
    }
  }
}
