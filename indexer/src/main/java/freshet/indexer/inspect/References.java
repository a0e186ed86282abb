package freshet.indexer.inspect;

import freshet.indexer.check.Conversation;
import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveTable;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.KeyType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what a table refers to: by its foreign keys, and where there is none, by names. */
final class References {
  private static final int MOST = 5;
  private static final String SUFFIX = "_id";

  private final Conversation server;
  private final String database;

  References(Conversation server, String database) {
    this.server = server;
    this.database = database;
  }

  /** Those over one column, to other tables that the account may read. */
  List<Reference> of(LiveTable live) throws SourceException {
    List<Reference> references = new ArrayList<>(declared(live));
    Set<String> known = new HashSet<>();
    references.forEach(reference -> known.add(reference.column().toLowerCase(Locale.ROOT)));
    for (Map.Entry<String, LiveColumn> column : live.columns().entrySet()) {
      if (references.size() < MOST && !known.contains(column.getKey())) {
        named(live, column.getKey(), column.getValue()).ifPresent(references::add);
      }
    }
    return references;
  }

  private List<Reference> declared(LiveTable live) throws SourceException {
    List<Reference> references = new ArrayList<>();
    for (Map<String, String> row :
        server.rows(
            "looking for foreign keys",
            new Query(
                "SELECT MIN(COLUMN_NAME) AS name, MIN(REFERENCED_TABLE_NAME) AS other,"
                    + " MIN(REFERENCED_COLUMN_NAME) AS target"
                    + " FROM information_schema.KEY_COLUMN_USAGE"
                    + " WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?"
                    + " AND REFERENCED_TABLE_SCHEMA = TABLE_SCHEMA"
                    + " AND REFERENCED_TABLE_NAME <> TABLE_NAME"
                    + " GROUP BY CONSTRAINT_NAME HAVING COUNT(*) = 1 ORDER BY 1 LIMIT "
                    + MOST,
                List.of(database, live.name())))) {
      Optional<LiveTable> other = readable(row.getOrDefault("other", ""));
      if (other.isPresent()) {
        references.add(
            new Reference(
                row.getOrDefault("name", ""), other.get(), row.getOrDefault("target", ""), true));
      }
    }
    return references;
  }

  /** As {@code employer_id} names a row of {@code employers}, by whose key it can be found. */
  private Optional<Reference> named(LiveTable live, String name, LiveColumn column)
      throws SourceException {
    if (!name.endsWith(SUFFIX) || column.keyType().isEmpty()) {
      return Optional.empty();
    }
    String one = name.substring(0, name.length() - SUFFIX.length());
    for (Map<String, String> row :
        server.rows(
            "looking for tables",
            new Query(
                "SELECT TABLE_NAME AS other FROM information_schema.TABLES"
                    + " WHERE TABLE_SCHEMA = ? AND LOWER(TABLE_NAME) IN (?, ?, ?, ?)"
                    + " AND TABLE_NAME <> ? AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1",
                List.of(
                    database,
                    one,
                    one + "s",
                    one + "es",
                    one.replaceFirst("y$", "ies"),
                    live.name())))) {
      Optional<LiveTable> other = readable(row.getOrDefault("other", ""));
      Optional<String> key = other.flatMap(References::onlyKey);
      if (key.isPresent() && column.keyType().equals(keyType(other.get(), key.get()))) {
        return Optional.of(new Reference(name, other.get(), key.get(), false));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> onlyKey(LiveTable table) {
    return table.indexes().stream()
        .filter(index -> index.name().equals("PRIMARY") && index.columns().size() == 1)
        .findFirst()
        .map(index -> index.columns().getFirst());
  }

  private static Optional<KeyType> keyType(LiveTable table, String column) {
    LiveColumn found = table.column(column);
    return found == null ? Optional.empty() : found.keyType();
  }

  /** What the account may not read, it could not poll either. */
  private Optional<LiveTable> readable(String table) throws SourceException {
    try {
      return Optional.of(LiveTable.read(server, database, table));
    } catch (SourceException.AccessDenied e) {
      return Optional.empty();
    }
  }
}
