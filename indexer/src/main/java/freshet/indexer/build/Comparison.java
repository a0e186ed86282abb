package freshet.indexer.build;

import freshet.indexer.route.CityBatch;
import freshet.indexer.source.Change;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a batch once everything is dropped that the city's last commit has already. A
 * document counts as equal if version and digest are; an older version than the stored one is not
 * dropped, since what was read last is what the table holds.
 *
 * @param added documents that the city does not have
 * @param replaced documents that it has with other content or version
 * @param removed documents that it has and that are to go
 * @param counts of all this
 */
record Comparison(
    List<SourceDocument> added,
    List<SourceDocument> replaced,
    List<DocumentKey> removed,
    BatchCounts counts) {

  /** Compares; without a commit nothing is there. */
  static Comparison of(@Nullable DirectoryReader last, CityBatch batch) throws IOException {
    Map<DocumentKey, Stored> stored = last == null ? Map.of() : lookUp(last, batch);
    List<SourceDocument> added = new ArrayList<>();
    List<SourceDocument> replaced = new ArrayList<>();
    List<DocumentKey> removed = new ArrayList<>();
    Map<Change.Origin, Integer> equal = new EnumMap<>(Change.Origin.class);
    int rescued = 0;
    int absent = 0;
    for (Change.Upsert upsert : batch.upserts()) {
      SourceDocument document = upsert.document();
      Stored before = stored.get(document.key());
      if (before != null
          && before.version() == document.version()
          && before.digest() == document.digest()) {
        equal.merge(upsert.origin(), 1, Integer::sum);
        continue;
      }
      (before == null ? added : replaced).add(document);
      rescued += upsert.origin() == Change.Origin.OVERLAP ? 1 : 0;
    }
    for (Change.Deletion deletion : batch.deletions()) {
      if (stored.containsKey(deletion.key())) {
        removed.add(deletion.key());
        rescued += deletion.origin() == Change.Origin.OVERLAP ? 1 : 0;
      } else {
        absent++;
      }
    }
    BatchCounts.Dropped dropped =
        new BatchCounts.Dropped(
            equal.getOrDefault(Change.Origin.CURSOR, 0)
                + equal.getOrDefault(Change.Origin.RETRY, 0),
            equal.getOrDefault(Change.Origin.OVERLAP, 0),
            equal.getOrDefault(Change.Origin.TOMBSTONE, 0),
            equal.getOrDefault(Change.Origin.SIDE, 0),
            equal.getOrDefault(Change.Origin.SWEEP, 0) + equal.getOrDefault(Change.Origin.DIFF, 0));
    return new Comparison(
        added,
        replaced,
        removed,
        new BatchCounts(
            added.size(), replaced.size(), removed.size(), rescued, dropped, absent, List.of()));
  }

  boolean isEmpty() {
    return added.isEmpty() && replaced.isEmpty() && removed.isEmpty();
  }

  private static Map<DocumentKey, Stored> lookUp(DirectoryReader last, CityBatch batch)
      throws IOException {
    List<DocumentKey> keys = new ArrayList<>(batch.size());
    batch.upserts().forEach(upsert -> keys.add(upsert.key()));
    batch.deletions().forEach(deletion -> keys.add(deletion.key()));
    return Stored.find(last, keys);
  }
}
