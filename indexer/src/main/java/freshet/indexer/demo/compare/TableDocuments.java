package freshet.indexer.demo.compare;

import freshet.indexer.demo.data.DemoField;
import freshet.indexer.demo.data.Listing;
import freshet.indexer.demo.data.ListingTable;
import freshet.indexer.demo.data.UniqueWords;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The source's table, streamed. On the way it notes which listing has which unique word. */
final class TableDocuments implements DocumentStream {
  private final Statement statement;
  private final ResultSet rows;
  private final Map<String, Set<Long>> idsByWord;

  /**
   * Begins to read.
   *
   * @param idsByWord the words to look for; ids are put in
   */
  TableDocuments(Connection source, Map<String, Set<Long>> idsByWord) throws SQLException {
    this.idsByWord = idsByWord;
    this.statement = source.createStatement();
    try {
      // Row by row, not the whole table in memory.
      statement.setFetchSize(Integer.MIN_VALUE);
      this.rows = statement.executeQuery(ListingTable.ALL_BY_ID);
    } catch (SQLException e) {
      statement.close();
      throw e;
    }
  }

  @Override
  public @Nullable ComparedDocument next() throws SQLException {
    if (!rows.next()) {
      return null;
    }
    Listing listing = ListingTable.listing(rows);
    note(listing.id(), listing.title());
    note(listing.id(), listing.body());
    return new ComparedDocument(
        listing.id(), listing.city(), ListingTable.version(rows), DemoField.texts(listing));
  }

  private void note(long id, String text) {
    for (String word : UniqueWords.in(text)) {
      idsByWord.computeIfPresent(
          word,
          (key, ids) -> {
            Set<Long> more = new TreeSet<>(ids);
            more.add(id);
            return more;
          });
    }
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
