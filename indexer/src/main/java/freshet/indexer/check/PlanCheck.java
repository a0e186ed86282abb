package freshet.indexer.check;

import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.KeyReader;
import freshet.indexer.table.NamedQuery;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.SideTable;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** How the server runs each statement of a poll, at a place in the middle of the table. */
final class PlanCheck {
  /** A table of fewer pages may be sorted on purpose. */
  private static final int LARGE_PAGES = 50;

  private static final String HEADING = "What if a query of a poll is not served by its index?";

  private final SourceOptions options;
  private final IndexSchema schema;
  private final PollStatements statements;
  private final Conversation server;

  PlanCheck(SourceOptions options, IndexSchema schema, Conversation server) {
    this.options = options;
    this.schema = schema;
    this.statements = new PollStatements(options.table(), options.tombstones(), schema);
    this.server = server;
  }

  /**
   * The plans, by statement.
   *
   * @param ordered the tables that an index orders: of others the middle is not looked for, since
   *     that would sort them
   */
  Map<NamedQuery, Plan> plans(List<String> ordered, long nowMicros) throws SourceException {
    Cursor documents =
        ordered.contains(options.table().name())
            ? middle(nowMicros, schema.keyCodec(), after -> statements.pairs(after, 1))
            : anywhere(nowMicros, schema.keyCodec());
    Cursor deletions =
        options.tombstones() != null && ordered.contains(options.tombstones().table())
            ? middle(nowMicros, schema.keyCodec(), after -> statements.tombstones(after, 1))
            : anywhere(nowMicros, schema.keyCodec());
    Map<NamedQuery, Plan> plans = new LinkedHashMap<>();
    for (NamedQuery named :
        statements.named(
            documents, deletions, sides(ordered, nowMicros), options.limits().pageRows())) {
      Query query = named.query();
      plans.put(
          named,
          new Plan(
              server.rows(
                  "EXPLAIN of the " + named.name(),
                  new Query("EXPLAIN " + query.sql(), query.parameters()))));
    }
    return plans;
  }

  /** Places in those side tables that an index orders. */
  private Map<String, Cursor> sides(List<String> ordered, long nowMicros) throws SourceException {
    Map<String, Cursor> places = new TreeMap<>();
    for (SideTable side : options.table().alsoChangedBy()) {
      places.put(
          side.name(),
          ordered.contains(side.table())
              ? middle(nowMicros, side.keyCodec(), after -> statements.sidePairs(side, after, 1))
              : anywhere(nowMicros, side.keyCodec()));
    }
    return places;
  }

  /** A place with some key, so that look-ups are asked about as well. */
  private static Cursor anywhere(long nowMicros, KeyCodec codec) {
    List<Object> values = new ArrayList<>();
    for (KeyType type : codec.types()) {
      values.add(
          switch (type) {
            case BIGINT -> 1L;
            case BIGINT_UNSIGNED -> BigInteger.ONE;
            case STRING -> "1";
            case BINARY -> new byte[] {1};
          });
    }
    return new Cursor(nowMicros, codec.encode(values));
  }

  /** Half-way in time between the first pair and now. */
  private Cursor middle(long nowMicros, KeyCodec codec, Function<Cursor, Query> pairs)
      throws SourceException {
    Cursor first = firstAfter(Cursor.START, codec, pairs);
    if (first.equals(Cursor.START)) {
      return anywhere(nowMicros, codec);
    }
    long half = first.version() + (nowMicros - first.version()) / 2;
    Cursor found = firstAfter(new Cursor(half, DocumentKey.EMPTY), codec, pairs);
    return found.equals(Cursor.START) ? first : found;
  }

  private Cursor firstAfter(Cursor after, KeyCodec codec, Function<Cursor, Query> pairs)
      throws SourceException {
    KeyReader keys = new KeyReader(codec);
    List<Cursor> found = new ArrayList<>();
    server.run(
        "looking for the middle of the table",
        on -> {
          on.read(
              pairs.apply(after), row -> found.add(new Cursor(row.getLong(1), keys.read(row, 2))));
          return found;
        });
    return found.isEmpty() ? Cursor.START : found.getFirst();
  }

  /**
   * Statements that read or sort a whole table although it has its indexes.
   *
   * @param isView whether the documents are read through a view, whose indexes are others'
   */
  List<Finding> costly(Map<NamedQuery, Plan> plans, boolean isView) {
    long large = (long) LARGE_PAGES * options.limits().pageRows();
    List<Finding> findings = new ArrayList<>();
    plans.forEach(
        (named, plan) -> {
          List<String> tables = plan.costly(large);
          if (!tables.isEmpty()) {
            findings.add(named.isOfUser() ? ofUser(named, plan, tables) : of(named, plan, isView));
          }
        });
    return findings;
  }

  private Finding of(NamedQuery named, Plan plan, boolean isView) {
    return new Finding(
        "the %s reads or sorts the whole table %s".formatted(named.name(), named.table()),
        "EXPLAIN: " + plan,
        fix(named.table(), isView && named.table().equals(options.table().name())));
  }

  /** Nobody but its author knows by what its tables are joined. */
  private Finding ofUser(NamedQuery named, Plan plan, List<String> tables) {
    return new Finding(
        "the %s reads or sorts whole tables for a few keys: %s"
            .formatted(named.name(), String.join(", ", tables)),
        "EXPLAIN: " + plan,
        "create an index on the columns by which %s finds the rows of %s; if there is one, see docs/troubleshooting.md, \"%s\""
            .formatted(
                named.table().equals(options.table().name())
                    ? "table.query"
                    : "table.also_changed_by[].documents",
                String.join(" and of ", tables),
                HEADING));
  }

  private static String fix(String table, boolean isView) {
    return (isView
                ? "give the table below view %s indexes on (version, key) and on the key"
                : "refresh the server's statistics: ANALYZE TABLE %s")
            .formatted(Sql.quoted(table))
        + "; if that does not help, see docs/troubleshooting.md, \""
        + HEADING
        + "\"";
  }
}
