package freshet.indexer.inspect;

import freshet.indexer.check.Conversation;
import freshet.indexer.check.LiveTable;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what a table refers to, by its foreign keys. */
final class References {
  private static final int MOST = 5;

  private final Conversation server;
  private final String database;

  References(Conversation server, String database) {
    this.server = server;
    this.database = database;
  }

  /** Those over one column, to other tables that the account may read. */
  List<Reference> of(LiveTable live) throws SourceException {
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
                row.getOrDefault("name", ""), other.get(), row.getOrDefault("target", "")));
      }
    }
    return references;
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
