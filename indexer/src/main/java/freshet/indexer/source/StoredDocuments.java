package freshet.indexer.source;

import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the working indexes hold, for a poll that compares the table with them. It does not change
 * while a poll runs.
 */
public interface StoredDocuments {
  /** Nothing is indexed. */
  StoredDocuments NONE =
      new StoredDocuments() {
        @Override
        public Map<DocumentKey, Set<Long>> versions(Collection<DocumentKey> keys) {
          return Map.of();
        }

        @Override
        public List<DocumentKey> keysAfter(DocumentKey after, int limit) {
          return List.of();
        }
      };

  /**
   * The versions that documents are indexed with, in microseconds since 1970 by the column's own
   * clock: several only where several cities hold one. A document that is not indexed is missing.
   */
  Map<DocumentKey, Set<Long>> versions(Collection<DocumentKey> keys) throws IOException;

  /** The first keys of indexed documents after a key, which need not exist, in their order. */
  List<DocumentKey> keysAfter(DocumentKey after, int limit) throws IOException;

  /**
   * Whether it is kept in step with the table. While some of it waits, what differs is no mistake,
   * and a comparison would pass it over.
   */
  default boolean isInStep() {
    return true;
  }
}
