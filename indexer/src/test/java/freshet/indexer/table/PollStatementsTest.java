package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.session.Query;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The SQL, as far as it needs no server. */
class PollStatementsTest {

  @Test
  void compositeKeysAreComparedColumnByColumn() {
    TableSpec table =
        new TableSpec(
            "shop.it`em",
            List.of(
                new KeyColumn("site", KeyType.STRING),
                new KeyColumn("id", KeyType.BIGINT_UNSIGNED)),
            new VersionColumn("v", new VersionColumn.Epoch(VersionColumn.Unit.MILLIS)),
            "city",
            List.of(),
            null);
    IndexSchema schema =
        new IndexSchema(1, List.of(KeyType.STRING, KeyType.BIGINT_UNSIGNED), List.of(), List.of());
    PollStatements statements = new PollStatements(table, null, schema);
    Query query =
        statements.pairs(
            new Cursor(5_000, schema.keyCodec().encode(List.of("a", BigInteger.TEN))), 7);
    assertThat(query.sql())
        .isEqualTo(
            "SELECT `v`*1000, `site`, `id` FROM `shop`.`it``em` WHERE (`v` > ? OR (`v` = ? AND"
                + " (`site` > ? OR (`site` = ? AND `id` > ?)))) ORDER BY `v`, `site`, `id` LIMIT 7");
    assertThat(query.parameters()).containsExactly(5L, 5L, "a", "a", BigInteger.TEN);
  }

  private static final IndexSchema BY_SITE =
      new IndexSchema(1, List.of(KeyType.STRING, KeyType.BIGINT), List.of(), List.of());

  private static final SideTable SELLER =
      new SideTable(
          "sellers",
          "shop.seller",
          List.of(new KeyColumn("id", KeyType.BIGINT)),
          new VersionColumn("at", new VersionColumn.DateTime(0)),
          KeysSql.parse("SELECT site, id FROM item WHERE seller IN (:keys)"));

  private static PollStatements joined() {
    TableSpec table =
        new TableSpec(
            "item",
            List.of(new KeyColumn("site", KeyType.STRING), new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("v", new VersionColumn.Epoch(VersionColumn.Unit.MICROS)),
            "dot.ted",
            List.of(),
            "a OR b",
            KeysSql.parse("SELECT * FROM item -- all\n WHERE (site, id) IN (:keys)"),
            List.of(SELLER));
    return new PollStatements(table, null, BY_SITE);
  }

  @Test
  void rowsOfAJoinComeFromTheUsersQueryByKey() {
    Query query =
        joined()
            .lookUp(
                List.of(
                    BY_SITE.keyCodec().encode(List.of("a", 1L)),
                    BY_SITE.keyCodec().encode(List.of("b", 2L))));
    assertThat(query.sql())
        .isEqualTo(
            "SELECT `v`, `site`, `id`, `dot.ted`, (a OR b) IS TRUE FROM (SELECT * FROM item -- all"
                + "\n WHERE (site, id) IN ((?,?),(?,?))\n) AS documents");
    assertThat(query.parameters()).containsExactly("a", 1L, "b", 2L);
  }

  @Test
  void documentsOfASideTableGoOnAfterAKey() {
    Query query =
        joined()
            .documentsOf(
                SELLER,
                List.of(SELLER.keyCodec().encode(List.of(7L))),
                BY_SITE.keyCodec().encode(List.of("a", 1L)),
                5);
    assertThat(query.sql())
        .isEqualTo(
            "SELECT DISTINCT `site`, `id` FROM (SELECT site, id FROM item WHERE seller IN (?)\n) AS"
                + " documents WHERE `site` IS NOT NULL AND `id` IS NOT NULL AND (`site` > ? OR"
                + " (`site` = ? AND `id` > ?)) ORDER BY `site`, `id` LIMIT 5");
    assertThat(query.parameters()).containsExactly(7L, "a", "a", 1L);
  }

  @Test
  void everyStatementIsNamed() {
    Cursor place = new Cursor(5_000, BY_SITE.keyCodec().encode(List.of("a", 1L)));
    Cursor side = new Cursor(5_000, SELLER.keyCodec().encode(List.of(7L)));
    assertThat(joined().named(place, place, Map.of("sellers", side), 10))
        .extracting(NamedQuery::name)
        .containsExactly(
            "page of versions",
            "look-up by key",
            "look-up of sizes",
            "page of keys",
            "look-up of versions",
            "page of side table sellers",
            "documents of side table sellers");
  }
}
