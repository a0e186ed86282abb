package freshet.indexer.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseFixtureIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @RegisterExtension static final DatabaseFixture ofClass = new DatabaseFixture();

  @RepeatedTest(3)
  void eachTestHasAnEmptyDatabaseOnBothServers() throws SQLException {
    assertThat(database.schema()).isNotEqualTo(ofClass.schema());
    assertThat(database.pair()).isSameAs(ofClass.pair());
    try (Connection source = database.source();
        Statement statement = source.createStatement()) {
      statement.execute("CREATE TABLE item (id INT PRIMARY KEY)");
      statement.execute("INSERT INTO item VALUES (1)");
    }
    database.awaitReplica();
    try (Connection replica = database.replica();
        Statement statement = replica.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM item")) {
      row.next();
      assertThat(row.getLong(1)).isEqualTo(1);
    }
    assertThat(database.pair().source().flavor())
        .isEqualTo(System.getProperty("freshet.test.database", "mariadb"));
  }
}
