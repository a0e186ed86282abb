package freshet.indexer.table;

import freshet.replicator.snapshot.KeyCodec;
import java.util.List;

/**
 * A table whose rows change documents without changing the documents' own rows. An index on
 * (version, key columns) must exist.
 *
 * @param name by which its cursor is kept in positions
 * @param table its name
 * @param key by which its rows are told apart; no column of it is NULL
 * @param version grows whenever a row changes
 * @param documents yields, for keys of this table, the key columns of the documents to read again,
 *     named as in the documents' table
 */
public record SideTable(
    String name, String table, List<KeyColumn> key, VersionColumn version, KeysSql documents) {

  /** Copies the list. */
  public SideTable {
    key = List.copyOf(key);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("side table " + name + " has no key column");
    }
  }

  /** How its keys become bytes. */
  public KeyCodec keyCodec() {
    return new KeyCodec(key.stream().map(KeyColumn::type).toList());
  }
}
