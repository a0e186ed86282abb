package freshet.indexer.build;

import freshet.indexer.route.KeyLookup;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.NumericDocValues;

/**
 * By what a document of a commit is compared with a row.
 *
 * @param version in microseconds since 1970 UTC
 * @param digest of its values
 */
record Stored(long version, long digest) {

  /** Those of these keys that a commit holds. */
  static Map<DocumentKey, Stored> find(IndexReader commit, Collection<DocumentKey> keys)
      throws IOException {
    Map<DocumentKey, Stored> stored = HashMap.newHashMap(keys.size());
    KeyLookup.find(commit, keys, segment -> inSegment(segment, stored));
    return stored;
  }

  private static KeyLookup.Found inSegment(LeafReader segment, Map<DocumentKey, Stored> stored)
      throws IOException {
    NumericDocValues versions = segment.getNumericDocValues(DocumentFields.VERSION);
    NumericDocValues digests = segment.getNumericDocValues(DocumentFields.DIGEST);
    return (doc, key) -> {
      if (!versions.advanceExact(doc) || !digests.advanceExact(doc)) {
        throw new IOException("document " + key + " has no version or no digest");
      }
      stored.put(key, new Stored(versions.longValue(), digests.longValue()));
    };
  }
}
