package freshet.indexer.quarantine;

import freshet.replicator.snapshot.DocumentKey;
import java.util.Collection;
import java.util.List;

/** Where rows go that can't become documents, so that they never stop the others. */
public interface Quarantine {
  /** For readers of keys alone, who set nothing aside. */
  Quarantine NONE =
      new Quarantine() {
        @Override
        public void setAside(SetAside row) {}

        @Override
        public void save() {}

        @Override
        public List<DocumentKey> toRetry() {
          return List.of();
        }

        @Override
        public void resolve(Collection<DocumentKey> keys) {}
      };

  /** Notes a row. The same row may be noted again by every poll that reads it. */
  void setAside(SetAside row);

  /** Makes durable what was noted. Called at the end of each poll, also of one that failed. */
  void save();

  /**
   * The rows that somebody asked to be read again, set aside or not, by their keys. Asked once in
   * each poll.
   */
  List<DocumentKey> toRetry();

  /**
   * These were read as documents, or found missing, and what was read is published: those among
   * them that were set aside are no more.
   */
  void resolve(Collection<DocumentKey> keys);
}
