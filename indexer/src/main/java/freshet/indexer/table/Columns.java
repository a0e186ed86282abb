package freshet.indexer.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The content of a row, column by column; the first is 0. */
interface Columns {

  @Nullable String text(int column) throws SQLException;

  @Nullable Long number(int column) throws SQLException;

  /**
   * Content that comes as it is asked for.
   *
   * @param before columns before the content
   */
  record OfResult(ResultSet row, int before) implements Columns {
    @Override
    public @Nullable String text(int column) throws SQLException {
      return row.getString(before + 1 + column);
    }

    @Override
    public @Nullable Long number(int column) throws SQLException {
      long number = row.getLong(before + 1 + column);
      return row.wasNull() ? null : number;
    }
  }

  /** Content that was put together before. */
  record OfTexts(List<@Nullable String> texts) implements Columns {
    @Override
    public @Nullable String text(int column) {
      return texts.get(column);
    }

    @Override
    public @Nullable Long number(int column) {
      String text = texts.get(column);
      return text == null ? null : Long.valueOf(text);
    }
  }
}
