package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.SourcePosition;

/**
 * Where documents come from. One poll reads deletions first, then changes, both in keyset order and
 * in bounded pages, within finite deadlines. Used by one thread at a time.
 */
public interface ChangeSource extends AutoCloseable {

  /**
   * Reads what came after a position, as much as one batch may hold.
   *
   * @param from where to resume: the position of what is published
   * @param window what earlier polls saw of the stretch before {@code from} that is looked at
   *     again; {@link OverlapWindow#UNSEEN} after a start and after a failed cycle
   * @param stored what is indexed, for polls that compare the table with it
   * @throws SourceException if it could not be read; what was read before is not lost, since the
   *     position does not move
   */
  ChangeBatch poll(SourcePosition from, OverlapWindow window, StoredDocuments stored)
      throws SourceException;

  /** What a batch holds is published, in all cities: it will not be asked for again. */
  default void published(ChangeBatch batch) {}

  /** Ends connections at once, without waiting for a server that hangs. */
  @Override
  void close();
}
