package freshet.indexer.table;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads keys of some columns' types.
 *
 * @param codec of those types
 */
record KeyReader(KeyCodec codec) {

  /** The key whose columns begin at this one. */
  DocumentKey read(ResultSet row, int first) throws SQLException {
    List<Object> values = new ArrayList<>();
    int column = first;
    for (KeyType type : codec.types()) {
      values.add(
          switch (type) {
            case BIGINT -> (Object) row.getLong(column);
            case BIGINT_UNSIGNED -> new BigInteger(row.getString(column));
            case STRING -> row.getString(column);
            case BINARY -> row.getBytes(column);
          });
      column++;
    }
    return codec.encode(values);
  }
}
