package freshet.indexer.source;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.ColumnFault;
import freshet.indexer.table.FieldTypes;
import freshet.indexer.table.FieldZones;
import freshet.indexer.table.LocalTime;
import freshet.indexer.table.PollStatements;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Refuses columns that can't become their fields, and versions and dates that would be hours off,
 * for want of a zone or for one too many.
 */
public final class ColumnGuard {
  private final SourceOptions options;
  private final PollStatements statements;
  private final Set<String> serversLookedAt = new HashSet<>();

  /** A guard for what these statements read. */
  public ColumnGuard(SourceOptions options, PollStatements statements) {
    this.options = options;
    this.statements = statements;
  }

  /**
   * Asked once of each server, since nobody changes that while it runs.
   *
   * @throws SourceException.SchemaError that names the column, what it is, and what to configure
   */
  public void refuse(PollSession session, String server) throws SourceException {
    if (serversLookedAt.contains(server)) {
      return;
    }
    String database = options.session().database();
    List<ColumnFault> found =
        session.run(
            "looking at the columns of versions and fields",
            on -> {
              List<ColumnFault> faults =
                  LocalTime.find(on, database, options.table(), options.tombstones());
              faults.addAll(FieldZones.needless(on, database, options.table()));
              faults.addAll(FieldTypes.refused(on, statements));
              return faults;
            });
    if (!found.isEmpty()) {
      throw new SourceException.SchemaError(found.getFirst().message(), null);
    }
    serversLookedAt.add(server);
  }
}
