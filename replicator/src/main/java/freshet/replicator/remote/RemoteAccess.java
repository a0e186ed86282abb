package freshet.replicator.remote;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a remote is approached.
 *
 * @param token who asks: a bearer token over HTTP, the password over rsync; null for nobody in
 *     particular
 * @param tls whom to trust over https; null for the authorities that the JDK knows
 * @param compresses whether files may come compressed over HTTP: less to send, more to compute
 */
public record RemoteAccess(
    @Nullable BearerToken token, @Nullable SSLContext tls, boolean compresses) {
  /** Nobody in particular; the JDK's authorities; compressed. */
  public static final RemoteAccess DEFAULT = new RemoteAccess(null, null, true);

  /** The same for somebody who shows this token. */
  public RemoteAccess withToken(BearerToken other) {
    return new RemoteAccess(other, tls, compresses);
  }
}
