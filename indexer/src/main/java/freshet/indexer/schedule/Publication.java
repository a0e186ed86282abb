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

  /** Cities that the next generation no longer names. */
  private final Set<City> retired = new TreeSet<>();

  Publication(CityIndexes cities, SnapshotPublisher publisher) {
    this.cities = cities;
    this.publisher = publisher;
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

  /** Notes that a city is no more, whose working index was removed. */
  void retire(City city) {
    retired.add(city);
  }

  /** Forgets what was published, but for what LATEST's snapshot says. */
  void resume() {
    published.clear();
    retired.clear();
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
   * @param isWhole whether the working indexes are all cities that there are, so that others go
   */
  Result run(Progress progress, Claim claim, boolean isWhole) throws PublishException {
    Map<City, Exception> rejected = new TreeMap<>();
    List<CityCommit> commits = new ArrayList<>();
    try {
      hold(commits, rejected);
      while (true) {
        try {
          return new Result(publish(commits, progress, claim, isWhole, rejected), rejected);
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
      boolean isWhole,
      Map<City, Exception> rejected)
      throws PublishException {
    if (isWhole && !rejected.isEmpty()) {
      return new CycleOutcome.Held("these cities could not be read again: " + rejected.keySet());
    }
    Snapshot current = publisher.current().orElse(null);
    Progress now = progress.with(rejected.keySet(), current);
    SortedMap<City, CityEntry> old =
        current == null ? Collections.emptySortedMap() : current.cities();
    Set<City> entries = new TreeSet<>(old.keySet());
    commits.forEach(commit -> entries.add(commit.city()));
    List<City> removed = new ArrayList<>(isWhole ? old.keySet() : retired);
    removed.retainAll(old.keySet());
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
    removed.forEach(published::remove);
    retired.clear();
    return new CycleOutcome.Published(
        report.generation(), report.cities(), report.files(), report.bytes(), report.packBytes());
  }

  private static FreshnessClaim freshness(Claim claim, Progress progress) {
    Map<City, @Nullable Instant> exceptions = new TreeMap<>();
    progress.behind().keySet().forEach(city -> exceptions.put(city, null));
    return new FreshnessClaim(claim.readThrough(), exceptions, claim.clock(), claim.times());
  }
}
