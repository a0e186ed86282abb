package freshet.indexer.session;

import java.math.BigInteger;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * A statement and its parameters.
 *
 * @param sql with a question mark for each parameter
 * @param parameters Long, BigInteger, String or byte[]
 */
public record Query(String sql, List<Object> parameters) {

  /** Copies the list. */
  public Query {
    parameters = List.copyOf(parameters);
  }

  /** Without parameters. */
  public static Query of(String sql) {
    return new Query(sql, List.of());
  }

  void bind(PreparedStatement statement) throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      switch (parameters.get(i)) {
        case Long number -> statement.setLong(i + 1, number);
        case BigInteger number -> statement.setBigDecimal(i + 1, new java.math.BigDecimal(number));
        case String text -> statement.setString(i + 1, text);
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        case Object other ->
            throw new IllegalArgumentException("no parameter is a " + other.getClass().getName());
      }
    }
  }
}
