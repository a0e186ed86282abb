package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.TreeMap;

/** Who writes the tables of {@link Listings}, and knows what they hold. */
final class ListingTable implements AutoCloseable {
  private final Connection writer;

  ListingTable(Connection writer) {
    this.writer = writer;
  }

  void execute(String... statements) throws SQLException {
    Listings.execute(writer, statements);
  }

  void insert(long id, String title) throws SQLException {
    execute(
        "INSERT INTO listing (id, city, title, updated_at) VALUES (%d, 'c', '%s', UTC_TIMESTAMP(6))"
            .formatted(id, title));
  }

  void update(long id, String title) throws SQLException {
    execute(
        "UPDATE listing SET title = '%s', updated_at = UTC_TIMESTAMP(6) WHERE id = %d"
            .formatted(title, id));
  }

  /** Deletes a row and leaves a tombstone. */
  void delete(long id) throws SQLException {
    execute(
        "DELETE FROM listing WHERE id = " + id,
        "INSERT INTO listing_deleted VALUES (%d, UTC_TIMESTAMP(6))".formatted(id));
  }

  /** How many rows there are of a table, perhaps with a condition. */
  long count(String from) throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** The titles of all rows, by id. */
  Map<Long, Object> titles() throws SQLException {
    Map<Long, Object> rows = new TreeMap<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, title FROM listing")) {
      while (row.next()) {
        rows.put(row.getLong(1), row.getString(2));
      }
    }
    return rows;
  }

  void assertEquals(Follower follower) throws SQLException {
    Map<Long, Object> indexed = new TreeMap<>();
    follower.documents.forEach((id, document) -> indexed.put(id, document.values().getFirst()));
    assertThat(indexed).isEqualTo(titles());
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
