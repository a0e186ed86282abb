package freshet.indexer.inspect;

import freshet.indexer.check.Account;
import freshet.indexer.check.Bounded;
import freshet.indexer.check.CityRows;
import freshet.indexer.check.Conversation;
import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveTable;
import freshet.indexer.check.Sample;
import freshet.indexer.inspect.TableFacts.Server;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.table.LocalTime;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a configuration can be guessed from: what the server says of the table, and bounded
 * samples, each within a time that the server itself holds to. Changes nothing. Used by one thread.
 */
public final class TableInspection {
  /** A table of so many rows is counted; of a larger one, so many rows are. */
  private static final long COUNTED_ROWS = 1_000_000;

  private static final Duration COUNT_TIME = Duration.ofSeconds(5);

  private static final Set<String> BYTES =
      Set.of(
          "binary",
          "varbinary",
          "tinyblob",
          "blob",
          "mediumblob",
          "longblob",
          "point",
          "geometry",
          "linestring",
          "polygon",
          "multipoint",
          "multilinestring",
          "multipolygon",
          "geometrycollection",
          "geomcollection",
          "vector");

  private final Conversation server;
  private final Account account;

  /** An inspection of tables of the account's database. */
  public TableInspection(Conversation server, Account account) {
    this.server = server;
    this.account = account;
  }

  /**
   * Looks at the table.
   *
   * @param tombstones names that a table of its deletions may have
   * @throws InspectException if it can't be documents, or lacks a column that is wished for
   */
  public TableFacts facts(Wishes wishes, List<String> tombstones)
      throws SourceException, InspectException {
    LiveTable live = table(wishes.table());
    wishes.check(live);
    return new TableFacts(
        live,
        rows(live),
        samples(live),
        new Server(server.version(), isReplica(), zone()),
        existing(tombstones),
        new References(server, account.database()).of(live),
        LiveTable.hasDeleteTrigger(server, live.name()),
        account.readsWholeDatabase(server));
  }

  private LiveTable table(String name) throws SourceException, InspectException {
    LiveTable live;
    try {
      live = LiveTable.read(server, account.database(), name);
    } catch (SourceException.AccessDenied e) {
      throw new InspectException(
          "table %s of database %s, if there is one, may not be read by %s: %s; let somebody who may run: %s"
              .formatted(
                  name,
                  account.database(),
                  account.name(),
                  e.getMessage(),
                  account.grant("SELECT", name)));
    } catch (SourceException.SchemaError e) {
      throw new InspectException(
          "database %s has no table %s: %s; tables that %s may read there: %s; give another one by --table"
              .formatted(account.database(), name, e.getMessage(), account.name(), others()));
    }
    if (live.isView()) {
      throw new InspectException(
          "%s is a view, which has no index and no trigger: give the table that it reads by --table, and let table.query say what the view says (docs/configuration.md, Documents that are joins)"
              .formatted(name));
    }
    return live;
  }

  private String others() throws SourceException {
    List<String> names = tables("", List.of(account.database()));
    return names.isEmpty() ? "none" : String.join(", ", names);
  }

  /**
   * Tables of the database that the account may know of.
   *
   * @param condition behind the one that names the database
   */
  private List<String> tables(String condition, List<Object> parameters) throws SourceException {
    return server
        .rows(
            "looking for tables",
            new Query(
                "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?"
                    + condition
                    + " AND TABLE_TYPE = 'BASE TABLE' ORDER BY 1 LIMIT 20",
                parameters))
        .stream()
        .map(row -> row.getOrDefault("name", ""))
        .toList();
  }

  /** By the plan of a whole read: the figures of information_schema may be a day old. */
  private long rows(LiveTable live) throws SourceException {
    return server
        .rows("estimating rows", Query.of("EXPLAIN SELECT 1 FROM " + Sql.quoted(live.name())))
        .stream()
        .mapToLong(row -> Long.parseLong(row.getOrDefault("rows", "0")))
        .max()
        .orElse(0);
  }

  private Map<String, ColumnSample> samples(LiveTable live) throws SourceException {
    List<String> columns = new ArrayList<>(live.columns().keySet());
    List<String> expressions = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String column = Sql.name(columns.get(i));
      LiveColumn type = live.columns().get(columns.get(i));
      expressions.add("%s AS v%d".formatted(value(type, column), i));
      expressions.add("OCTET_LENGTH(%s) AS n%d".formatted(column, i));
    }
    List<Map<String, String>> rows = Sample.read(server, live, expressions);
    Map<String, ColumnSample> samples = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      samples.put(columns.get(i), sample(rows, "v" + i, "n" + i));
    }
    return samples;
  }

  /** Bytes that are no text are not looked at, only measured. */
  private static String value(@Nullable LiveColumn column, String name) {
    if (column == null || BYTES.contains(column.baseType())) {
      return "NULL";
    }
    return Sample.beginning(column.baseType().equals("bit") ? name + " + 0" : name);
  }

  private static ColumnSample sample(List<Map<String, String>> rows, String value, String bytes) {
    List<String> values = new ArrayList<>();
    long sum = 0;
    for (Map<String, String> row : rows) {
      String text = row.getOrDefault(value, "");
      if (!text.isBlank()) {
        values.add(text);
      }
      sum += Long.parseLong(row.getOrDefault(bytes, "0"));
    }
    return new ColumnSample(values, rows.isEmpty() ? 0 : (double) sum / rows.size());
  }

  private Optional<Boolean> isReplica() throws SourceException {
    try {
      return Optional.of(
          !server
              .rows("asking for the replica's state", Query.of("SHOW REPLICA STATUS"))
              .isEmpty());
    } catch (SourceException.AccessDenied e) {
      return Optional.empty();
    }
  }

  private @Nullable ZoneId zone() throws SourceException {
    Optional<String> name =
        server.run("asking for the zone", on -> Optional.ofNullable(LocalTime.localZone(on)));
    try {
      return name.map(text -> ZoneId.of(text.replaceAll("^SYSTEM \\((.*)\\)$", "$1"))).orElse(null);
    } catch (DateTimeException e) {
      // Such as CEST, which is no zone's name: check-config asks for one where it matters.
      return null;
    }
  }

  private List<LiveTable> existing(List<String> names) throws SourceException {
    List<LiveTable> tables = new ArrayList<>();
    for (String name : names) {
      if (!tables(" AND TABLE_NAME = ?", List.of(account.database(), name)).isEmpty()) {
        tables.add(LiveTable.read(server, account.database(), name));
      }
    }
    return tables;
  }

  /**
   * Counts all rows of a table that is not large, some of one that is; nothing of one that is slow.
   *
   * @param city the column of the cities
   */
  public CitySizes cities(String table, String city) throws SourceException {
    String counting = CityRows.query(table, city, COUNTED_ROWS);
    try {
      return CitySizes.of(
          CityRows.read(server, Bounded.within(COUNT_TIME, counting)), COUNTED_ROWS);
    } catch (SourceException.Stalled e) {
      return CitySizes.UNKNOWN;
    }
  }
}
