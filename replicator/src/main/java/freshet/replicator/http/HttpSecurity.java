package freshet.replicator.http;

import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a server is protected.
 *
 * @param tls what it shows of itself; null for plain HTTP
 * @param tokens who may ask; null for everybody
 */
public record HttpSecurity(@Nullable SSLContext tls, @Nullable TokenGuard tokens) {
  /** Plain HTTP for everybody. */
  public static final HttpSecurity NONE = new HttpSecurity(null, null);
}
