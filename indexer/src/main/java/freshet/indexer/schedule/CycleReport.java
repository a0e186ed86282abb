package freshet.indexer.schedule;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.source.Finding;
import freshet.indexer.source.PollReport;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a cycle did.
 *
 * @param started by the master's clock
 * @param outcome what came of it
 * @param poll figures of the poll: deletions and changes read and so on; null if it failed
 * @param counts what the batch meant to the cities: applied, rescued by the overlap, dropped
 * @param moved documents that changed their city
 * @param cities that have a new commit, merges not counted
 * @param merged cities whose finished merges were committed
 * @param failed cities that could not apply their batch, and why
 * @param withheld cities that stay as they are published since they are paused, or their commit is
 *     no good or has not caught up; and why
 * @param held cities that stay as they are published until the publish gate lets them pass; and why
 * @param behind cities that are left at an older position
 * @param nextTries when those of them are tried again that are far behind and failed several times;
 *     the others with the next cycle
 * @param moreToRead whether there is more to read, for all cities or for such as are behind: the
 *     next cycle should follow at once
 * @param readThrough up to when on the database's clock the poll was complete; null if unknown
 * @param whyNot why {@code readThrough} is null
 * @param findings what the poll came upon that somebody should put right
 * @param times by stage
 */
public record CycleReport(
    Instant started,
    CycleOutcome outcome,
    @Nullable PollReport poll,
    BatchCounts counts,
    int moved,
    int cities,
    int merged,
    SortedMap<City, String> failed,
    SortedMap<City, String> withheld,
    SortedMap<City, String> held,
    SortedSet<City> behind,
    SortedMap<City, Instant> nextTries,
    boolean moreToRead,
    @Nullable Instant readThrough,
    @Nullable String whyNot,
    List<Finding> findings,
    StageTimes times) {

  /**
   * How long each stage took; zero for one that was not reached.
   *
   * @param recover before the poll
   * @param poll reading
   * @param route sorting by city
   * @param build applying and committing, routing table included
   * @param publish until LATEST was moved or refreshed
   */
  public record StageTimes(
      Duration recover, Duration poll, Duration route, Duration build, Duration publish) {

    /** All of them. */
    public Duration total() {
      return recover.plus(poll).plus(route).plus(build).plus(publish);
    }
  }

  /** Copies the collections. */
  public CycleReport {
    failed = Collections.unmodifiableSortedMap(new TreeMap<>(failed));
    withheld = Collections.unmodifiableSortedMap(new TreeMap<>(withheld));
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    findings = List.copyOf(findings);
    behind = Collections.unmodifiableSortedSet(new TreeSet<>(behind));
    nextTries = Collections.unmodifiableSortedMap(new TreeMap<>(nextTries));
  }

  /** Whether nothing failed, not even in one city. */
  public boolean isClean() {
    return !(outcome instanceof CycleOutcome.Failed) && failed.isEmpty();
  }
}
