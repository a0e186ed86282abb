package freshet.replicator.remote;

import java.nio.file.Path;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a remote is approached.
 *
 * @param tokens who asks, by now: a bearer token over HTTP, the password over rsync; null for
 *     nobody in particular
 * @param tls whom to trust over https; null for the authorities that the JDK knows
 * @param compresses whether files may come compressed over HTTP: less to send, more to compute
 * @param scratch folder for what rsync is fetching
 * @param holder by what name what is being fetched is leased; null for no lease
 */
public record RemoteAccess(
    @Nullable Supplier<BearerToken> tokens,
    @Nullable SSLContext tls,
    boolean compresses,
    Path scratch,
    @Nullable String holder) {
  /** Nobody in particular; the JDK's authorities; compressed; the system's temporary folder. */
  public static final RemoteAccess DEFAULT =
      new RemoteAccess(null, null, true, Path.of(System.getProperty("java.io.tmpdir")), null);

  /** Who asks at this moment; null for nobody in particular. */
  public @Nullable BearerToken token() {
    return tokens == null ? null : tokens.get();
  }

  /** The same for somebody who shows this token. */
  public RemoteAccess withToken(BearerToken other) {
    return withTokens(() -> other);
  }

  /** The same for somebody who shows the token that this gives at the time. */
  public RemoteAccess withTokens(Supplier<BearerToken> others) {
    return new RemoteAccess(others, tls, compresses, scratch, holder);
  }

  /** The same that trusts others. */
  public RemoteAccess trusting(@Nullable SSLContext other) {
    return new RemoteAccess(tokens, other, compresses, scratch, holder);
  }

  /** The same that takes compressed files, or not. */
  public RemoteAccess compressing(boolean other) {
    return new RemoteAccess(tokens, tls, other, scratch, holder);
  }

  /** The same with another folder for what rsync is fetching. */
  public RemoteAccess scratch(Path other) {
    return new RemoteAccess(tokens, tls, compresses, other, holder);
  }

  /** The same that leases what it fetches by this name. */
  public RemoteAccess leasing(String other) {
    return new RemoteAccess(tokens, tls, compresses, scratch, other);
  }
}
