package freshet.indexer.benchmark;

import freshet.indexer.source.Change;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.Remembered;
import freshet.indexer.source.SourceMemory;
import freshet.indexer.source.StoredDocuments;
import freshet.replicator.snapshot.DocumentKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** Stands for the index and the working folder: the versions of what was read, in memory. */
final class ReadDocuments implements StoredDocuments, SourceMemory {
  private final NavigableMap<DocumentKey, Long> versions = new TreeMap<>();
  private Remembered last = Remembered.NOTHING;

  void apply(ChangeBatch batch) {
    for (Change change : batch.changes()) {
      switch (change) {
        case Change.Upsert upsert -> versions.put(upsert.key(), upsert.document().version());
        case Change.Deletion deletion -> versions.remove(deletion.key());
      }
    }
  }

  @Override
  public Map<DocumentKey, Set<Long>> versions(Collection<DocumentKey> keys) {
    Map<DocumentKey, Set<Long>> found = new HashMap<>();
    for (DocumentKey key : keys) {
      Long version = versions.get(key);
      if (version != null) {
        found.put(key, Set.of(version));
      }
    }
    return found;
  }

  @Override
  public List<DocumentKey> keysAfter(DocumentKey after, int limit) {
    return versions.tailMap(after, false).keySet().stream().limit(limit).toList();
  }

  @Override
  public Remembered read() {
    return last;
  }

  @Override
  public void keep(Remembered remembered) {
    last = remembered;
  }
}
