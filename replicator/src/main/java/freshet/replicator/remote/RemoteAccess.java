package freshet.replicator.remote;

import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a remote is approached.
 *
 * @param token who asks: a bearer token over HTTP, the password over rsync; null for nobody in
 *     particular
 * @param tls whom to trust over https; null for the authorities that the JDK knows
 * @param compresses whether files may come compressed over HTTP: less to send, more to compute
 * @param scratch folder for what rsync is fetching
 */
public record RemoteAccess(
    @Nullable BearerToken token, @Nullable SSLContext tls, boolean compresses, Path scratch) {
  /** Nobody in particular; the JDK's authorities; compressed; the system's temporary folder. */
  public static final RemoteAccess DEFAULT =
      new RemoteAccess(null, null, true, Path.of(System.getProperty("java.io.tmpdir")));

  /** The same for somebody who shows this token. */
  public RemoteAccess withToken(BearerToken other) {
    return new RemoteAccess(other, tls, compresses, scratch);
  }

  /** The same that trusts others. */
  public RemoteAccess trusting(@Nullable SSLContext other) {
    return new RemoteAccess(token, other, compresses, scratch);
  }

  /** The same that takes compressed files, or not. */
  public RemoteAccess compressing(boolean other) {
    return new RemoteAccess(token, tls, other, scratch);
  }

  /** The same with another folder for what rsync is fetching. */
  public RemoteAccess scratch(Path other) {
    return new RemoteAccess(token, tls, compresses, other);
  }
}
