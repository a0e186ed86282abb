package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeysSql;
import freshet.indexer.table.TableSpec;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A function whose result is larger than max_allowed_packet is NULL, with a warning and no error: a
 * document without its text would look like any other.
 */
@Timeout(60)
class LostValuesIT {
  private static final int ROWS = 40;
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("more", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("twice", FieldType.TEXT, "english", false, true, false)),
          List.of("title"));

  private static TroubledServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = TroubledServer.start("max_allowed_packet=1M");
    server.asRoot("ALTER TABLE listing ADD COLUMN more MEDIUMTEXT");
    for (int i = 0; i < ROWS; i++) {
      server.asRoot(
          "INSERT INTO listing (id, city, title, more, updated_at)"
              + " VALUES (%d, 'c', 'one', ' more', UTC_TIMESTAMP(6))".formatted(i));
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  private static SourceOptions joined() {
    SourceOptions base = server.listings.options(List.of(Listings.endpoint(server.server)));
    TableSpec table =
        new TableSpec(
            "listing",
            base.table().key(),
            base.table().version(),
            "city",
            List.of(
                FieldColumns.of("title", "title"),
                FieldColumns.of("more", "more"),
                FieldColumns.of("twice", "twice")),
            null,
            KeysSql.parse(
                "SELECT l.*, CONCAT(l.title, l.title) AS twice FROM listing l WHERE l.id IN (:keys)"),
            List.of());
    return new SourceOptions(
        base.session(), base.limits(), base.overlap(), base.checks(), table, base.tombstones());
  }

  @Test
  void rowOfWhichTheServerLeavesAValueOutIsSetAsideAndAllOthersAreRead() throws Exception {
    server.asRoot(
        "UPDATE listing SET title = REPEAT('x', 600000) WHERE id = 7",
        // No packet holds this row, even without what the function makes.
        "UPDATE listing SET title = REPEAT('x', 600000), more = REPEAT('y', 600000) WHERE id = 8");
    server.listings.setAside.clear();
    try (MySqlSource source = server.listings.source(joined(), SCHEMA)) {
      Follower follower = new Follower(source);
      while (!follower.poll().reachedEnd()) {
        assertThat(follower.documents).isNotEmpty();
      }
      assertThat(follower.documents).hasSize(ROWS - 2).doesNotContainKeys(7L, 8L);
      assertThat(follower.documents.get(1L).values()).containsExactly("one", " more", "oneone");
      assertThat(server.listings.setAside.reasons())
          .hasSize(2)
          .allMatch(
              reason ->
                  reason.matches("[78]: table.query or searchable_if makes a value of it .* NULL"));

      server.asRoot(
          "UPDATE listing SET title = 'small', updated_at = UTC_TIMESTAMP(6) WHERE id IN (7, 8)");
      follower.poll();
      assertThat(follower.documents).hasSize(ROWS);
      assertThat(follower.documents.get(7L).values())
          .containsExactly("small", " more", "smallsmall");
      assertThat(follower.documents.get(8L).values()).element(2).isEqualTo("smallsmall");
    }
  }
}
