package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.WorkingCity;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
   * @param rejected cities whose commit was no good, and why
   */
  record Result(CycleOutcome outcome, Map<City, Exception> rejected) {}

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
   * Publishes what differs, or refreshes LATEST if nothing does.
   *
   * @param rule which cities end, and whether all are published or none
   */
  Result run(Progress progress, Claim claim, PublicationRule rule) throws PublishException {
    Map<City, Exception> rejected = new TreeMap<>();
    List<CityCommit> commits = new ArrayList<>();
    try {
      hold(commits, rejected);
      while (true) {
        try {
          return new Result(publish(commits, progress, claim, rule, rejected), rejected);
        } catch (PublishException.GateClosed e) {
          if (commits.stream().noneMatch(commit -> commit.city().equals(e.city()))) {
            throw e;
          }
          // The city stays as it is published, the others go on.
          reject(e.city(), e, commits, rejected);
        }
      }
    } finally {
      commits.forEach(cities::release);
    }
  }

  private void hold(List<CityCommit> commits, Map<City, Exception> rejected) {
    for (City city : unpublished()) {
      try {
        commits.add(cities.hold(city));
      } catch (BuildException e) {
        reject(city, e, commits, rejected);
      }
    }
  }

  private void reject(
      City city, Exception why, List<CityCommit> commits, Map<City, Exception> rejected) {
    LOG.warn("city {}: its commit is not published, and read again: {}", city, why.toString());
    commits.stream().filter(commit -> commit.city().equals(city)).forEach(cities::release);
    commits.removeIf(commit -> commit.city().equals(city));
    cities.markDamaged(city);
    rejected.put(city, why);
  }

  private CycleOutcome publish(
      List<CityCommit> commits,
      Progress progress,
      Claim claim,
      PublicationRule rule,
      Map<City, Exception> rejected)
      throws PublishException {
    if (rule.isWhole() && !rejected.isEmpty()) {
      return new CycleOutcome.Held("these cities could not be read again: " + rejected.keySet());
    }
    Snapshot current = publisher.current().orElse(null);
    Progress now = progress.with(rejected.keySet(), current);
    SortedMap<City, CityEntry> old =
        current == null ? Collections.emptySortedMap() : current.cities();
    Set<City> entries = new TreeSet<>(old.keySet());
    commits.forEach(commit -> entries.add(commit.city()));
    List<City> removed = old.keySet().stream().filter(rule::mayEnd).collect(Collectors.toList());
    removed.removeAll(cities.working().keySet());
    entries.removeAll(removed);
    SortedMap<City, SourcePosition> behind = now.behindIn(entries);
    FreshnessClaim freshness = freshness(claim, now);
    if (current != null
        && commits.isEmpty()
        && removed.isEmpty()
        && behind.equals(Progress.of(current).behind())) {
      publisher.refresh(freshness);
      return new CycleOutcome.Refreshed(current.generation());
    }
    PublishReport report =
        publisher.publish(
            new PublishRequest(
                commits, removed, cities.schema(), now.publishable(entries), behind, freshness));
    commits.forEach(
        commit ->
            published.put(commit.city(), new CommitId(commit.incarnation(), commit.commit())));
    removed.forEach(published::remove);
    return new CycleOutcome.Published(
        report.generation(), report.cities(), report.files(), report.bytes(), report.packBytes());
  }

  private static FreshnessClaim freshness(Claim claim, Progress progress) {
    Map<City, @Nullable Instant> exceptions = new TreeMap<>();
    progress.behind().keySet().forEach(city -> exceptions.put(city, null));
    return new FreshnessClaim(claim.readThrough(), exceptions, claim.clock(), claim.times());
  }
}
