package freshet.indexer.connect;

import java.sql.Connection;

/**
 * A connection whose session is set up; whoever receives it ends it.
 *
 * @param connection open, and used by nobody else
 * @param timings of its phases
 */
public record Connected(Connection connection, ConnectTimings timings) {}
