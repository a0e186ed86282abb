package freshet.indexer.table;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of a result as the server writes them. What the driver would make of dates, times and
 * years is left out: it loses the sign of a short negative TIME, makes a day of a YEAR, and nothing
 * of a zero date. BIT becomes its unsigned number; bytes that are no text are UTF-8. Of one result.
 */
final class ResultTexts {
  private enum Form {
    TEXT,
    AS_WRITTEN,
    BITS,
    BYTES
  }

  private final ResultSet row;
  private final List<Form> forms = new ArrayList<>();

  ResultTexts(ResultSet row) throws SQLException {
    this.row = row;
    ResultSetMetaData columns = row.getMetaData();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      forms.add(form(columns.getColumnTypeName(i)));
    }
  }

  private static Form form(String type) {
    return switch (type) {
      case "DATE", "DATETIME", "TIMESTAMP", "TIME", "YEAR" -> Form.AS_WRITTEN;
      case "BIT" -> Form.BITS;
      case "BINARY", "VARBINARY", "TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB" -> Form.BYTES;
      default -> Form.TEXT;
    };
  }

  ResultSet row() {
    return row;
  }

  /**
   * A value of the current row; the first column is 1.
   *
   * @throws Misfit if it is bytes that are no UTF-8
   */
  @Nullable String text(int column) throws SQLException, Misfit {
    String text = lenient(column);
    // What replaces wrong bytes may be meant, too: then it is these bytes.
    if (text != null
        && forms.get(column - 1) == Form.BYTES
        && text.indexOf('\ufffd') >= 0
        && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), row.getBytes(column))) {
      throw new Misfit(
          "its bytes are no UTF-8; a keyword may have format: hex, or uuid for 16 bytes, and other"
              + " character sets are converted by table.query");
    }
    return text;
  }

  /** The same, with U+FFFD in the place of bytes that are no UTF-8. */
  @Nullable String lenient(int column) throws SQLException {
    Form form = forms.get(column - 1);
    if (form == Form.TEXT) {
      return row.getString(column);
    }
    byte[] bytes = row.getBytes(column);
    if (bytes == null) {
      return null;
    }
    return form == Form.BITS
        ? new BigInteger(1, bytes).toString()
        : new String(bytes, StandardCharsets.UTF_8);
  }
}
