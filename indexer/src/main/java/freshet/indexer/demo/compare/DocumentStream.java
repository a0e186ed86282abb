package freshet.indexer.demo.compare;

import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Documents ordered by id; one id may come several times. */
interface DocumentStream extends AutoCloseable {
  /** The next one, null at the end. */
  @Nullable ComparedDocument next() throws IOException, SQLException;

  @Override
  void close() throws SQLException;
}
