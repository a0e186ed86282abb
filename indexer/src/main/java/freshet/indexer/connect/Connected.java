package freshet.indexer.connect;

import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.util.List;

/**
 * A connection whose session is set up; whoever receives it ends it.
 *
 * @param connection open, and used by nobody else
 * @param timings of its phases
 * @param certificates that the server showed, its own first; none where nobody verifies them
 * @param cut closes the raw socket, from any thread and at once; the driver's own abort first tries
 *     to write where TLS is on or a request is stuck half-way
 */
public record Connected(
    Connection connection,
    ConnectTimings timings,
    List<X509Certificate> certificates,
    Runnable cut) {

  /** Copies the list. */
  public Connected {
    certificates = List.copyOf(certificates);
  }
}
