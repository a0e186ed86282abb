package freshet.indexer.preview;

import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.quarantine.SetAside;
import freshet.replicator.snapshot.DocumentKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Remembers which rows would be set aside, and why. Used by one thread. */
public final class NotedRows implements Quarantine {
  private final Map<DocumentKey, SetAside> rows = new HashMap<>();

  /** Why a row was set aside; null if it was not. */
  public @Nullable SetAside of(DocumentKey key) {
    return rows.get(key);
  }

  @Override
  public void setAside(SetAside row) {
    rows.put(row.key(), row);
  }

  @Override
  public void save() {}

  @Override
  public List<DocumentKey> toRetry() {
    return List.of();
  }

  @Override
  public void resolve(Collection<DocumentKey> keys) {}
}
