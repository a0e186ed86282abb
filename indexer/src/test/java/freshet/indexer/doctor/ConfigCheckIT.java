package freshet.indexer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.session.LagSource;
import freshet.indexer.source.Finding;
import freshet.indexer.source.Listings;
import freshet.replicator.runtime.SystemTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the check finds, and that its statements put it right. */
@Timeout(60)
class ConfigCheckIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Listings listings;
  private Connection root;

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    root = database.source();
    // Else every test would have this finding.
    Listings.execute(root, "ALTER TABLE listing MODIFY updated_at DATETIME(6) NOT NULL");
  }

  @AfterEach
  void end() throws SQLException {
    root.close();
  }

  private List<Finding> check() {
    return new ConfigCheck(
            listings.options(List.of(Listings.endpoint(database.pair().source()))),
            Listings.SCHEMA,
            new SystemTime())
        .check();
  }

  private void isPutRightByItsStatement() throws SQLException {
    assertThat(check()).hasSize(1);
    Listings.execute(root, check().getFirst().fix());
    assertThat(check()).isEmpty();
  }

  @Test
  void soundConfigurationHasNoFinding() {
    assertThat(check()).isEmpty();
  }

  @Test
  void nullableVersion() throws Exception {
    Listings.execute(root, "ALTER TABLE listing MODIFY updated_at DATETIME(6) NULL");
    isPutRightByItsStatement();
  }

  @Test
  void missingIndexOfDocuments() throws Exception {
    Listings.execute(root, "DROP INDEX by_version ON listing");
    isPutRightByItsStatement();
  }

  @Test
  void missingIndexOfTombstones() throws Exception {
    Listings.execute(
        root, "ALTER TABLE listing_deleted DROP PRIMARY KEY, ADD PRIMARY KEY (id, deleted_at)");
    isPutRightByItsStatement();
  }

  @Test
  void indexOnTheVersionAloneIsEnoughBeforeThePrimaryKey() throws Exception {
    Listings.execute(
        root, "DROP INDEX by_version ON listing", "CREATE INDEX v ON listing (updated_at)");
    assertThat(check()).isEmpty();
  }

  @Test
  void missingTable() throws Exception {
    Listings.execute(root, "DROP TABLE listing_deleted");
    assertThat(check())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.what()).contains("listing_deleted is not there");
              assertThat(finding.fix()).startsWith("GRANT SELECT ON `" + database.schema() + "`");
            });
  }

  @Test
  void missingColumnAndOtherType() throws Exception {
    Listings.execute(
        root,
        "ALTER TABLE listing DROP COLUMN rooms",
        "ALTER TABLE listing MODIFY updated_at DATETIME(3) NOT NULL");
    assertThat(check())
        .extracting(Finding::evidence)
        .satisfiesExactlyInAnyOrder(
            columns -> assertThat(columns).startsWith("it has [id, city"),
            type -> assertThat(type).isEqualTo("it is datetime(3), configured is datetime(6)"));
  }

  @Test
  void wrongExpression() {
    listings.searchableIf = "no_such_column > 0";
    assertThat(check())
        .singleElement()
        .satisfies(finding -> assertThat(finding.evidence()).contains("no_such_column"));
  }

  @Test
  void sourceThatIsNoReplicaCannotTellItsLag() {
    listings.lag = new LagSource.ReplicaStatus();
    assertThat(check())
        .singleElement()
        .satisfies(finding -> assertThat(finding.what()).contains("freshness is never claimed"));
  }

  @Test
  void wrongPassword() {
    listings.password = "wrong";
    assertThat(check())
        .singleElement()
        .satisfies(finding -> assertThat(finding.fix()).contains("grants.sql"));
  }
}
