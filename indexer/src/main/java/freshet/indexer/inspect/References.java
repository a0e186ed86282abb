package freshet.indexer.inspect;

import freshet.indexer.check.Conversation;
import freshet.indexer.check.LiveTable;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
      String other = row.getOrDefault("other", "");
      try {
        references.add(
            new Reference(
                row.getOrDefault("name", ""),
                LiveTable.read(server, database, other),
                row.getOrDefault("target", "")));
      } catch (SourceException.AccessDenied e) {
        // What it may not read, it could not poll: docs/configuration.md tells how to go on.
        continue;
      }
    }
    return references;
  }
}
