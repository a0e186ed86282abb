package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.session.Query;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.math.BigInteger;
import java.util.List;
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
}
