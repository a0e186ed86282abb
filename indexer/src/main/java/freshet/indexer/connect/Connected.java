package freshet.indexer.connect;

import java.sql.Connection;

/**
 * A connection whose session is set up; whoever receives it ends it.
 *
 * @param connection open, and used by nobody else
 * @param timings of its phases
 * @param cut closes the raw socket, from any thread and at once; the driver's own abort first tries
 *     to write where TLS is on or a request is stuck half-way
 */
public record Connected(Connection connection, ConnectTimings timings, Runnable cut) {}
