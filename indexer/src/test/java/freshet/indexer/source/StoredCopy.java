package freshet.indexer.source;

import freshet.replicator.snapshot.DocumentKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * An index that is a map.
 *
 * @param versions of its documents, by key
 */
record StoredCopy(Supplier<Map<DocumentKey, Long>> versions) implements StoredDocuments {

  @Override
  public Map<DocumentKey, Set<Long>> versions(Collection<DocumentKey> keys) {
    Map<DocumentKey, Long> all = versions.get();
    Map<DocumentKey, Set<Long>> found = new HashMap<>();
    for (DocumentKey key : keys) {
      Long version = all.get(key);
      if (version != null) {
        found.put(key, Set.of(version));
      }
    }
    return found;
  }

  @Override
  public List<DocumentKey> keysAfter(DocumentKey after, int limit) {
    return new TreeMap<>(versions.get())
        .tailMap(after, false).keySet().stream().limit(limit).toList();
  }
}
