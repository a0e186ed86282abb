package freshet.indexer.source;

import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one poll read.
 *
 * @param changes one for each document, in the order in which they were last read
 * @param from where the poll resumed
 * @param to where the next poll resumes once this batch is published
 * @param window what the next poll need not read again, once this batch is published
 * @param reachedEnd whether everything up to the poll's start was read; if not, the next poll
 *     should follow at once
 * @param readThrough up to when on the database's clock the batch makes every city complete; null
 *     if the poll may not claim that (end not reached, lag unknown)
 * @param whyNot why {@code readThrough} is null, in words; null if it is not
 * @param clock the database's clock by a round trip in this poll
 * @param findings what the poll came upon that somebody should put right; the poll went on
 * @param report figures of the poll
 */
public record ChangeBatch(
    List<Change> changes,
    SourcePosition from,
    SourcePosition to,
    OverlapWindow window,
    boolean reachedEnd,
    @Nullable Instant readThrough,
    @Nullable String whyNot,
    DatabaseClock clock,
    List<Finding> findings,
    PollReport report) {

  /** Copies the lists. */
  public ChangeBatch {
    changes = List.copyOf(changes);
    findings = List.copyOf(findings);
  }
}
