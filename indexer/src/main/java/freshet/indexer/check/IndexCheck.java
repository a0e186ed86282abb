package freshet.indexer.check;

import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether a table has the indexes that its queries need. Pure. */
final class IndexCheck {
  private final LiveTable live;
  private final boolean isMariaDb;

  IndexCheck(LiveTable live, boolean isMariaDb) {
    this.live = live;
    this.isMariaDb = isMariaDb;
  }

  /**
   * What serves the pages of a poll: version and key, in this order.
   *
   * @param plans how the server runs them now, as evidence
   */
  List<Finding> ofPages(String version, List<String> key, String plans) {
    List<String> wanted = new ArrayList<>(List.of(version));
    wanted.addAll(key);
    List<LiveIndex> found = live.orderedBy(wanted);
    if (found.isEmpty()) {
      return List.of(
          new Finding(
              "table %s has no index on %s, so every poll reads and sorts the whole table"
                  .formatted(live.name(), wanted),
              "its indexes: " + live.indexes() + plans,
              Statements.createIndex(unusedName(version), live.name(), wanted)));
    }
    return hidden(found);
  }

  /** What keeps documents apart and looks them up. */
  List<Finding> ofKey(List<String> key) {
    List<LiveIndex> found = live.finding(key);
    if (found.isEmpty()) {
      return List.of(
          new Finding(
              "the key of table %s is not unique, so documents replace each other"
                  .formatted(live.name()),
              "its indexes: " + live.indexes(),
              live.isPartitioned()
                  ? "a partitioned table's unique keys hold the column of its partitions: name all columns of one in table.key"
                  : Statements.addUnique(live.name(), key)));
    }
    return hidden(found);
  }

  private List<Finding> hidden(List<LiveIndex> serving) {
    if (serving.stream().anyMatch(LiveIndex::isVisible)) {
      return List.of();
    }
    String name = serving.getFirst().name();
    return List.of(
        new Finding(
            "index %s of table %s is hidden from the optimiser, so polls read without it"
                .formatted(name, live.name()),
            "its indexes: " + live.indexes(),
            "ALTER TABLE %s ALTER INDEX %s %s"
                .formatted(
                    Sql.quoted(live.name()),
                    Sql.quoted(name),
                    isMariaDb ? "NOT IGNORED" : "VISIBLE")));
  }

  private String unusedName(String version) {
    String wanted = "freshet_" + version.toLowerCase(Locale.ROOT);
    String name = wanted;
    for (int n = 2; isTaken(name); n++) {
      name = wanted + "_" + n;
    }
    return name;
  }

  private boolean isTaken(String name) {
    return live.indexes().stream().anyMatch(index -> index.name().equalsIgnoreCase(name));
  }
}
