package freshet.indexer.table;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The content of a row, column by column; the first is 0. */
interface Columns {

  /**
   * A value as text.
   *
   * @throws Misfit if it is no text
   */
  @Nullable String text(int column) throws SQLException, Misfit;

  /** The same, with U+FFFD in the place of bytes that are no text. */
  @Nullable String lenient(int column) throws SQLException;

  @Nullable Long number(int column) throws SQLException;

  /** Whether the server has more of this column than it gives. */
  boolean isCutOff(int column) throws SQLException;

  /**
   * MySQL gives an empty text, and a mere warning, for JSON above max_allowed_packet; an empty text
   * is never JSON.
   *
   * @param text of the column
   * @param index of the column in the result
   */
  static boolean isCutOff(@Nullable String text, ResultSet row, int index) throws SQLException {
    return text != null
        && text.isEmpty()
        && row.getMetaData().getColumnTypeName(index).equals("JSON");
  }

  /**
   * Content that comes as it is asked for.
   *
   * @param before columns before the content
   */
  record OfResult(ResultTexts texts, int before) implements Columns {
    @Override
    public @Nullable String text(int column) throws SQLException, Misfit {
      return texts.text(before + 1 + column);
    }

    @Override
    public @Nullable String lenient(int column) throws SQLException {
      return texts.lenient(before + 1 + column);
    }

    @Override
    public @Nullable Long number(int column) throws SQLException {
      long number = texts.row().getLong(before + 1 + column);
      return texts.row().wasNull() ? null : number;
    }

    @Override
    public boolean isCutOff(int column) throws SQLException {
      int index = before + 1 + column;
      return Columns.isCutOff(texts.lenient(index), texts.row(), index);
    }
  }

  /**
   * Content that was put together before.
   *
   * @param cutOff the columns of which the server has more
   */
  record OfTexts(List<@Nullable String> texts, Set<Integer> cutOff) implements Columns {
    @Override
    public @Nullable String text(int column) {
      return texts.get(column);
    }

    @Override
    public @Nullable String lenient(int column) {
      return text(column);
    }

    @Override
    public @Nullable Long number(int column) {
      String text = texts.get(column);
      return text == null ? null : Long.valueOf(text);
    }

    @Override
    public boolean isCutOff(int column) {
      return cutOff.contains(column);
    }
  }
}
