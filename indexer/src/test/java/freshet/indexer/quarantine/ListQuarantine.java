package freshet.indexer.quarantine;

import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A quarantine in memory. */
public final class ListQuarantine implements Quarantine {
  private final Map<DocumentKey, SetAside> rows = new LinkedHashMap<>();
  private final List<DocumentKey> retry = new ArrayList<>();

  @Override
  public void setAside(SetAside row) {
    rows.put(row.key(), row);
  }

  @Override
  public void save() {}

  @Override
  public List<DocumentKey> toRetry() {
    return List.copyOf(retry);
  }

  @Override
  public void resolve(Collection<DocumentKey> keys) {
    rows.keySet().removeAll(keys);
    retry.removeAll(keys);
  }

  /** Asks for all rows to be read again. */
  public void retryAll() {
    retry.addAll(rows.keySet());
  }

  public void clear() {
    rows.clear();
  }

  /** Key and reason of each row. */
  public List<String> reasons() {
    return rows.values().stream().map(row -> row.id() + ": " + row.reason()).toList();
  }
}
