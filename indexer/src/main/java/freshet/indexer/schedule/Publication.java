package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.WorkingCity;
import freshet.replicator.gate.GateReport;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.gate.Hold;
import freshet.replicator.publish.CityCommit;
import freshet.replicator.publish.FreshnessClaim;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.PublishReport;
import freshet.replicator.publish.PublishRequest;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CycleTimes;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes every city whose working commit is not the published one, whether or not the last batch
 * changed it, in one generation.
 */
final class Publication {
  private static final Logger LOG = LoggerFactory.getLogger(Publication.class);

  private record CommitId(Incarnation incarnation, long commit) {}

  private final CityIndexes cities;
  private final SnapshotPublisher publisher;

  /** What was published of each city, by the name that its working index gives it. */
  private final Map<City, CommitId> published = new HashMap<>();

  private final Exchanges exchanges = new Exchanges();

  /** Cities of which nobody remembers how many documents they lost to others. */
  private final Set<City> unremembered;

  /** Cities that the next generation no longer names. */
  private final Set<City> retired = new TreeSet<>();

  /** Knows as published what LATEST's snapshot says. */
  Publication(CityIndexes cities, SnapshotPublisher publisher) {
    this.cities = cities;
    this.publisher = publisher;
    publisher
        .current()
        .ifPresent(
            snapshot ->
                snapshot
                    .cities()
                    .forEach(
                        (city, entry) ->
                            published.put(
                                city, new CommitId(entry.incarnation(), entry.commit()))));
    // Whether these have exchanged documents, nobody remembers.
    unremembered = unpublished();
    exchanges.add(unremembered);
  }

  /**
   * What is to be claimed.
   *
   * @param readThrough of the poll
   * @param clock of the database
   * @param times of the cycle so far
   */
  record Claim(
      @Nullable Instant readThrough, @Nullable DatabaseClock clock, @Nullable CycleTimes times) {
    /** Nothing new is known. */
    static final Claim NONE = new Claim(null, null, null);
  }

  /**
   * What came of it.
   *
   * @param outcome published or refreshed
   * @param withheld cities that stay as they are published, and are read again from there; and why
   * @param held cities that stay as they are published until the gate lets them pass; and why
   */
  record Result(
      CycleOutcome outcome, SortedMap<City, String> withheld, SortedMap<City, String> held) {}

  /** Notes cities that have exchanged documents. */
  void exchanged(List<Set<City>> pairs) {
    pairs.forEach(exchanges::add);
  }

  /** Notes that a city is no more, whose working index was removed. */
  void retire(City city) {
    retired.add(city);
  }

  /** Notes that these are published as they were before. */
  void rolledBack(Set<City> which) {
    published.keySet().removeAll(which);
  }

  /** Cities whose working commit is not the published one. */
  SortedSet<City> unpublished() {
    SortedSet<City> differing = new TreeSet<>();
    for (WorkingCity city : cities.working().values()) {
      if (!new CommitId(city.incarnation(), city.commit()).equals(published.get(city.city()))) {
        differing.add(city.city());
      }
    }
    return differing;
  }

  /**
   * Publishes what differs, or refreshes LATEST if nothing does. A city whose commit is no good, or
   * that the gate holds, stays as it is published, and so do those that it has exchanged documents
   * with; the others go on.
   *
   * @param rule which cities end, and whether all are published or none
   */
  Result run(Progress progress, Claim claim, PublicationRule rule)
      throws PublishException, IOException {
    SortedMap<City, String> withheld = new TreeMap<>();
    SortedSet<City> held = new TreeSet<>();
    List<CityCommit> commits = new ArrayList<>();
    try {
      hold(commits, withheld);
      GateReport gate = examine(commits, progress);
      held.addAll(gate.held().keySet());
      String whole = gate.whole();
      if (whole != null) {
        return new Result(new CycleOutcome.Held(whole), withheld, explained(held));
      }
      while (true) {
        withholdOthers(commits, withheld, held);
        try {
          CycleOutcome outcome = publish(commits, progress, claim, rule, withheld.keySet(), held);
          exchanges.publishedAllBut(union(withheld.keySet(), held));
          return new Result(outcome, withheld, explained(held));
        } catch (PublishException.GateClosed e) {
          if (commits.stream().noneMatch(commit -> commit.city().equals(e.city()))) {
            throw e;
          }
          publisher.gate().hold(e.city(), new Hold.Unreadable(String.valueOf(e.getMessage())));
          reject(e.city(), e, withheld);
          Optional<String> tooMany = publisher.gate().whole();
          if (tooMany.isPresent()) {
            return new Result(new CycleOutcome.Held(tooMany.get()), withheld, explained(held));
          }
        }
      }
    } finally {
      commits.forEach(cities::release);
    }
  }

  private SortedMap<City, String> explained(Set<City> held) throws IOException {
    SortedMap<City, String> why = new TreeMap<>();
    if (!held.isEmpty()) {
      SortedMap<City, HeldCity> all = publisher.gate().held();
      held.forEach(
          city -> {
            HeldCity one = all.get(city);
            why.put(city, one == null ? "the publish gate held it" : one.hold().explain());
          });
    }
    return why;
  }

  private GateReport examine(List<CityCommit> commits, Progress progress) throws IOException {
    Map<City, Long> counts = new TreeMap<>();
    commits.forEach(commit -> counts.put(commit.city(), commit.documents()));
    return publisher.gate().examine(counts, unremembered, progress.behind().keySet());
  }

  private void hold(List<CityCommit> commits, Map<City, String> withheld) {
    Set<City> unsettled = cities.unsettled();
    for (City city : unpublished()) {
      if (unsettled.contains(city)) {
        withheld.put(
            city, "it has not caught up since a batch took longer than index.city_timeout");
        continue;
      }
      try {
        commits.add(cities.hold(city));
      } catch (BuildException e) {
        reject(city, e, withheld);
      }
    }
  }

  private void reject(City city, Exception why, Map<City, String> withheld) {
    LOG.warn("city {}: its commit is not published, and read again: {}", city, why.toString());
    cities.markDamaged(city);
    withheld.put(city, why.toString());
  }

  private void withholdOthers(List<CityCommit> commits, Map<City, String> withheld, Set<City> held)
      throws IOException {
    String why = "it exchanged documents with cities that are withheld: " + withheld.keySet();
    Set<City> read = exchanges.with(withheld.keySet());
    Set<City> kept = exchanges.with(held);
    List<City> failed = List.copyOf(held);
    for (CityCommit commit : List.copyOf(commits)) {
      City city = commit.city();
      if (read.contains(city)) {
        if (withheld.putIfAbsent(city, why) == null) {
          LOG.info("city {}: withheld: {}", city, why);
        }
        held.remove(city);
      } else if (kept.contains(city)) {
        if (held.add(city)) {
          publisher.gate().hold(city, new Hold.Exchanged(failed));
        }
      } else {
        continue;
      }
      commits.remove(commit);
      cities.release(commit);
    }
  }

  private CycleOutcome publish(
      List<CityCommit> commits,
      Progress progress,
      Claim claim,
      PublicationRule rule,
      Set<City> withheld,
      Set<City> held)
      throws PublishException {
    if (rule.isWhole() && !held.isEmpty()) {
      return new CycleOutcome.Held(
          "the schema has changed, so that all cities are published or none, and the publish gate"
              + " holds these: "
              + held);
    }
    if (rule.isWhole() && !withheld.isEmpty()) {
      return new CycleOutcome.Held("these cities could not be read again: " + withheld);
    }
    Snapshot current = publisher.current().orElse(null);
    SortedMap<City, CityEntry> old =
        current == null ? Collections.emptySortedMap() : current.cities();
    Set<City> left = union(withheld, held);
    // One that is not published has no entry to say so, and its working index lacks nothing.
    left.removeIf(city -> held.contains(city) && !old.containsKey(city));
    Progress now = progress.with(left, current);
    Set<City> entries = new TreeSet<>(old.keySet());
    commits.forEach(commit -> entries.add(commit.city()));
    List<City> removed =
        old.keySet().stream()
            .filter(city -> rule.mayEnd(city) || retired.contains(city))
            .collect(Collectors.toList());
    removed.removeAll(cities.working().keySet());
    entries.removeAll(removed);
    SortedMap<City, SourcePosition> behind = now.behindIn(entries);
    FreshnessClaim freshness = freshness(claim, now);
    if (current != null
        && commits.isEmpty()
        && removed.isEmpty()
        && behind.equals(Progress.of(current).behind())) {
      publisher.refresh(freshness);
      retired.clear();
      return new CycleOutcome.Refreshed(current.generation());
    }
    PublishReport report =
        publisher.publish(
            new PublishRequest(
                commits, removed, cities.schema(), now.publishable(entries), behind, freshness));
    commits.forEach(
        commit ->
            published.put(commit.city(), new CommitId(commit.incarnation(), commit.commit())));
    commits.forEach(commit -> unremembered.remove(commit.city()));
    removed.forEach(published::remove);
    retired.clear();
    return new CycleOutcome.Published(
        report.generation(), report.cities(), report.files(), report.bytes(), report.packBytes());
  }

  private static Set<City> union(Set<City> one, Set<City> other) {
    Set<City> both = new TreeSet<>(one);
    both.addAll(other);
    return both;
  }

  private static FreshnessClaim freshness(Claim claim, Progress progress) {
    Map<City, @Nullable Instant> exceptions = new TreeMap<>();
    progress.behind().keySet().forEach(city -> exceptions.put(city, null));
    return new FreshnessClaim(claim.readThrough(), exceptions, claim.clock(), claim.times());
  }
}
