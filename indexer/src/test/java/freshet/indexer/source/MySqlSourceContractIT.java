package freshet.indexer.source;

import freshet.indexer.embedded.DatabaseFixture;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The real source keeps the promises that the fake is held to. */
class MySqlSourceContractIT extends ChangeSourceContract {
  private static final String NOW = "UTC_TIMESTAMP(6)";
  private static final String A_MINUTE_AGO = "UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE";

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  private Connection writer;
  private MySqlSource source;

  @Override
  ChangeSource source() throws Exception {
    Listings listings = Listings.create(database, 6);
    listings.limits = new Limits(BATCH_ROWS, BATCH_ROWS, 1_000_000);
    writer = database.source();
    source = listings.source(database.pair().source());
    return source;
  }

  @AfterEach
  void end() throws SQLException {
    source.close();
    writer.close();
  }

  @Override
  void put(long id, String city, String title) throws SQLException {
    replace(id, city, title, NOW);
  }

  @Override
  void putLate(long id, String city, String title) throws SQLException {
    replace(id, city, title, A_MINUTE_AGO);
  }

  @Override
  void delete(long id) throws SQLException {
    Listings.execute(
        writer,
        "DELETE FROM listing WHERE id = " + id,
        "INSERT INTO listing_deleted VALUES (%d, %s)".formatted(id, NOW));
  }

  private void replace(long id, String city, String title, String stamp) throws SQLException {
    String sql =
        "REPLACE INTO listing (id, city, title, updated_at) VALUES (?, ?, ?, %s)".formatted(stamp);
    try (PreparedStatement statement = writer.prepareStatement(sql)) {
      statement.setLong(1, id);
      statement.setString(2, city);
      statement.setString(3, title);
      statement.executeUpdate();
    }
  }
}
