package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A stand-in for the index: applies batches, and keeps position and window as the cycle does. */
public final class Follower {
  private final ChangeSource source;
  public final Map<Long, SourceDocument> documents = new TreeMap<>();
  public SourcePosition position = SourcePosition.START;
  public OverlapWindow window = OverlapWindow.UNSEEN;
  public final StoredDocuments stored = new StoredCopy(this::versions);

  public Follower(ChangeSource source) {
    this.source = source;
  }

  /** Polls and applies, as a cycle whose batch is published. */
  public ChangeBatch poll() throws SourceException {
    ChangeBatch batch = source.poll(position, window, stored);
    for (Change change : batch.changes()) {
      switch (change) {
        case Change.Upsert upsert -> documents.put(id(change.key()), upsert.document());
        case Change.Deletion deletion -> documents.remove(id(change.key()));
      }
    }
    position = batch.to();
    window = batch.window();
    return batch;
  }

  private Map<DocumentKey, Long> versions() {
    Map<DocumentKey, Long> versions = new HashMap<>();
    documents.values().forEach(document -> versions.put(document.key(), document.version()));
    return versions;
  }

  /** As a process that starts again. */
  public void forgetWindow() {
    window = OverlapWindow.UNSEEN;
  }

  public List<Object> titles() {
    return documents.values().stream().map(document -> document.values().getFirst()).toList();
  }

  public static long id(DocumentKey key) {
    return (Long) Listings.SCHEMA.keyCodec().decode(key).getFirst();
  }
}
