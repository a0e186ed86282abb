package freshet.indexer.table;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads keys of some columns' types.
 *
 * @param codec of those types
 */
public record KeyReader(KeyCodec codec) {
  /** Stands for the key of a row that has none: a column of it is NULL, or it is empty. */
  static final DocumentKey NO_KEY = DocumentKey.EMPTY;

  /** The key whose columns begin at this one, or {@link #NO_KEY}. */
  public DocumentKey read(ResultSet row, int first) throws SQLException {
    List<Object> values = new ArrayList<>(codec.types().size());
    int column = first;
    for (KeyType type : codec.types()) {
      Object value = value(row, column, type);
      if (value == null) {
        return NO_KEY;
      }
      values.add(value);
      column++;
    }
    return codec.encode(values);
  }

  private static @Nullable Object value(ResultSet row, int column, KeyType type)
      throws SQLException {
    return switch (type) {
      case BIGINT -> {
        long number = row.getLong(column);
        yield row.wasNull() ? null : number;
      }
      case BIGINT_UNSIGNED -> {
        String text = row.getString(column);
        yield text == null ? null : new BigInteger(text);
      }
      case STRING -> row.getString(column);
      case BINARY -> row.getBytes(column);
    };
  }
}
