package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.Sql;
import freshet.indexer.source.Change.Upsert;
import freshet.indexer.source.KeyTable.Keys;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys of every type, read in pages from a real server: none is lost, doubled or out of order. */
@Timeout(60)
class KeysIT {
  private static final int ROWS = 150;
  private static final int VERSIONS = 4;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection writer;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    writer = database.source();
    Listings.execute(
        writer, "GRANT SELECT ON %s.* TO 'freshet'@'127.0.0.1'".formatted(database.schema()));
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
  }

  private SourceOptions options(TableSpec table, Tombstones tombstones) {
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    Limits limits = new Limits(7, 20, 1 << 20);
    return new SourceOptions(
        base.session(), limits, base.overlap(), base.checks(), table, tombstones);
  }

  /** Polls until the end; one change for each document, in the order in which they came. */
  private static List<Change> pollToEnd(ChangeSource source, State state) throws Exception {
    List<Change> all = new ArrayList<>();
    while (true) {
      ChangeBatch batch = source.poll(state.position, state.window, StoredDocuments.NONE);
      all.addAll(batch.changes());
      state.position = batch.to();
      state.window = batch.window();
      if (batch.reachedEnd()) {
        return all;
      }
    }
  }

  private static final class State {
    private SourcePosition position = SourcePosition.START;
    private OverlapWindow window = OverlapWindow.UNSEEN;
  }

  private static List<Object> titles(List<Change> changes) {
    return changes.stream()
        .map(change -> ((Upsert) change).document().values().getFirst())
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void noRowIsLostOrDoubledAndPagesAreInTheDatabasesOrder(Keys keys) throws Exception {
    KeyTable.create(writer, keys);
    KeyTable.insertRandomRows(writer, keys, ROWS, VERSIONS);
    String names = keys.names();
    TableSpec table = keys.table();
    Tombstones tombstones = keys.tombstones();
    State state = new State();
    try (MySqlSource source = listings.source(options(table, tombstones), keys.schema())) {
      List<Change> all = pollToEnd(source, state);

      assertThat(titles(all)).containsExactlyInAnyOrderElementsOf(titlesInOrder("v, " + names));
      if (keys.isOrderedByBytes()) {
        assertThat(titles(all)).isEqualTo(titlesInOrder("v, " + names));
        assertThat(all.stream().map(KeysIT::pair).toList()).isSorted();
      }

      // By key: all of them, then none of them.
      Listings.execute(writer, "UPDATE t SET title = CONCAT(title, '!'), v = UTC_TIMESTAMP(6)");
      Map<DocumentKey, Object> changed = byKey(pollToEnd(source, state));
      assertThat(changed.keySet()).isEqualTo(byKey(all).keySet());
      assertThat(changed.values()).containsExactlyInAnyOrderElementsOf(titlesInOrder(names));
      Listings.execute(
          writer,
          "INSERT INTO t_deleted SELECT %s, UTC_TIMESTAMP(6) FROM t".formatted(names),
          "DELETE FROM t");
      assertThat(byKey(pollToEnd(source, state)).keySet()).isEqualTo(changed.keySet());
      assertThat(pollToEnd(source, state)).isEmpty();
    }
  }

  private List<Object> titlesInOrder(String order) throws SQLException {
    return KeyTable.titlesInOrder(writer, order);
  }

  private static Cursor pair(Change change) {
    return new Cursor(((Upsert) change).document().version(), change.key());
  }

  private static Map<DocumentKey, Object> byKey(List<Change> changes) {
    Map<DocumentKey, Object> byKey = new HashMap<>();
    for (Change change : changes) {
      byKey.put(
          change.key(),
          change instanceof Upsert upsert ? upsert.document().values().getFirst() : "none");
    }
    return byKey;
  }

  @Test
  void namesMayBeWhateverTheDatabaseAllows() throws Exception {
    String table = "select from `where`";
    String qualified = database.schema() + "." + table;
    List<String> names = List.of("order", "my key", "dot.ted", "what?", "größe`名", "last 'change'");
    List<String> quoted = names.stream().map(Sql::name).toList();
    Listings.execute(
        writer,
        ("CREATE TABLE %s (%s BIGINT NOT NULL, %s BIGINT NOT NULL, %s VARCHAR(20), %s VARCHAR(20),"
                + " %s INT, %s DATETIME(6) NOT NULL, PRIMARY KEY (%s, %s), KEY (%s, %s, %s))")
            .formatted(
                Sql.quoted(qualified),
                quoted.get(0),
                quoted.get(1),
                quoted.get(2),
                quoted.get(3),
                quoted.get(4),
                quoted.get(5),
                quoted.get(0),
                quoted.get(1),
                quoted.get(5),
                quoted.get(0),
                quoted.get(1)),
        "INSERT INTO %s VALUES (1, 2, 'city', 'title', 7, '2026-01-01')"
            .formatted(Sql.quoted(qualified)));
    TableSpec spec =
        new TableSpec(
            qualified,
            List.of(
                new KeyColumn("order", KeyType.BIGINT), new KeyColumn("my key", KeyType.BIGINT)),
            new VersionColumn("last 'change'", new DateTime(6)),
            "dot.ted",
            List.of(FieldColumns.of("title", "what?"), FieldColumns.of("size", "größe`名")),
            quoted.get(4) + " > 0");
    IndexSchema schema =
        new IndexSchema(
            1,
            List.of(KeyType.BIGINT, KeyType.BIGINT),
            List.of(
                new FieldSpec("title", FieldType.KEYWORD, null, false, true, false),
                new FieldSpec("size", FieldType.LONG, null, false, true, false)),
            List.of());
    State state = new State();
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    SourceOptions options =
        new SourceOptions(base.session(), base.limits(), base.overlap(), base.checks(), spec, null);
    try (MySqlSource source = listings.source(options, schema)) {
      assertThat(pollToEnd(source, state))
          .singleElement()
          .satisfies(
              change -> {
                assertThat(((Upsert) change).document().city().name()).isEqualTo("city");
                assertThat(((Upsert) change).document().values()).containsExactly("title", 7L);
              });
      Listings.execute(
          writer,
          "UPDATE %s SET %s = 't2', %s = UTC_TIMESTAMP(6)"
              .formatted(Sql.quoted(qualified), quoted.get(3), quoted.get(5)));
      assertThat(titles(pollToEnd(source, state))).containsExactly("t2");
    }
  }
}
