package freshet.indexer.check;

import freshet.indexer.source.Finding;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.runtime.Count;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tables lack for being polled in a way that is only proposed yet, with the statements in the
 * order in which they are to be run. What a later check finds is found by the same rules. Pure.
 *
 * @param isMariaDb which of the two dialects is spoken
 */
public record Preparation(boolean isMariaDb) {
  private static final int MICROSECONDS = 6;

  /**
   * What the documents' table, or a side table, lacks.
   *
   * @param version a column of it, or one that is to be added
   */
  public List<Finding> ofTable(LiveTable live, VersionColumn version, List<KeyColumn> key) {
    ColumnCheck columns = new ColumnCheck(live);
    List<Finding> findings = new ArrayList<>();
    key.forEach(column -> findings.addAll(columns.key(column)));
    LiveColumn found = live.column(version.name());
    if (found == null) {
      findings.add(
          new Finding(
              "table %s has no column that grows whenever a row changes".formatted(live.name()),
              "its columns: " + String.join(", ", live.columns().keySet()),
              Statements.addVersion(live.name(), version.name(), MICROSECONDS)));
    } else {
      if (found.isNullable()) {
        findings.add(
            new Finding(
                "rows of table %s without a version would never be read".formatted(live.name()),
                "column %s may be NULL".formatted(version.name()),
                Statements.stamp(live.name(), version)));
      }
      findings.addAll(columns.version(version));
    }
    IndexCheck index = new IndexCheck(live, isMariaDb);
    List<String> names = key.stream().map(KeyColumn::name).toList();
    findings.addAll(index.ofKey(names));
    findings.addAll(index.ofPages(version.name(), names, ""));
    return findings;
  }

  /**
   * What is lacking for deletions to be noted.
   *
   * @param existing the tombstones' table; null if it is to be made
   * @param hasTrigger whether a trigger ON DELETE was seen
   * @param account that has to be granted the table; null if it may read it
   */
  public List<Finding> ofTombstones(
      TableSpec table,
      LiveTable documents,
      Tombstones tombstones,
      @Nullable LiveTable existing,
      boolean hasTrigger,
      @Nullable Account account) {
    TombstoneStatements statements = new TombstoneStatements(table, tombstones);
    List<Finding> findings = new ArrayList<>();
    if (existing == null) {
      findings.add(
          new Finding(
              "deletions are noted nowhere, so deleted documents would stay until an id diff",
              "there is no table " + tombstones.table(),
              statements.create(documents)));
      purge(tombstones, statements).ifPresent(findings::add);
    } else {
      findings.addAll(
          new IndexCheck(existing, isMariaDb)
              .ofPages(tombstones.version().name(), tombstones.key(), ""));
    }
    if (!hasTrigger) {
      findings.add(
          new Finding(
              "nothing shows that deletions are noted",
              "no trigger ON DELETE of %s is visible to the account".formatted(documents.name()),
              statements.trigger()));
      findings.add(
          Finding.advice(
              "an UPDATE that changes a key leaves the old document until an id diff",
              "no trigger notes the old key; needed only where keys change",
              statements.triggerOfKeys()));
    }
    if (account != null) {
      findings.add(
          new Finding(
              "the account may not read the tombstones",
              account.name() + " has no SELECT on all tables of " + account.database(),
              account.grant("SELECT", tombstones.table())));
    }
    findings.addAll(TombstoneStatements.cascades(documents));
    return findings;
  }

  private static Optional<Finding> purge(Tombstones tombstones, TombstoneStatements statements) {
    // What is no point in time has no interval taken off it.
    return tombstones.version().type() instanceof VersionColumn.Epoch
        ? Optional.empty()
        : Optional.of(
            Finding.advice(
                "tombstones are never removed, so that their table grows with every deletion",
                "nothing removes them; they must live for %s (table.tombstones.kept_for)"
                    .formatted(Count.of(tombstones.keptFor().toDays(), "day")),
                statements.purge()));
  }
}
