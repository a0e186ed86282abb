package freshet.indexer.inspect;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.Timeouts;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the database is reached.
 *
 * @param endpoints servers that hold the same data, the preferred one first
 * @param database the default database
 * @param user the account
 * @param passwordFile holds its password; null if the environment does
 * @param tls what is asked of the encryption
 */
public record Access(
    List<Endpoint> endpoints, String database, String user, @Nullable Path passwordFile, Tls tls) {
  /** The environment variable of the password. */
  public static final String PASSWORD = "FRESHET_DB_PASSWORD";

  /** Copies the list. */
  public Access {
    endpoints = List.copyOf(endpoints);
  }

  /**
   * What a URL and options say.
   *
   * @param user null if the URL names it
   * @param authorities certificates to verify the server's with; null if nobody said so
   * @throws IllegalArgumentException if something is missing or contradicts itself
   */
  public static Access of(
      JdbcUrl url, @Nullable String user, @Nullable Path passwordFile, @Nullable Path authorities) {
    String account = user == null ? url.user().orElse("") : user;
    if (account.isEmpty()) {
      throw new IllegalArgumentException("no account is named: give one by --user NAME");
    }
    return new Access(
        url.endpoints(), url.database(), account, passwordFile, tls(url.sslMode(), authorities));
  }

  /** The same as options of a session. */
  public SessionOptions session(Supplier<String> password, LagSource lag) {
    return new SessionOptions(
        endpoints,
        database,
        new Credentials(user, password),
        tls,
        lag,
        Timeouts.DEFAULT,
        RetryOptions.DEFAULT,
        SessionOptions.DEFAULT_MAX_AGE,
        SessionOptions.DEFAULT_MAX_LAG,
        SessionOptions.DEFAULT_CONCURRENT_CONNECTS);
  }

  private static Tls tls(String mode, @Nullable Path authorities) {
    if (authorities != null) {
      return mode.equals("verify_identity")
          ? new Tls.VerifyIdentity(authorities)
          : new Tls.VerifyCa(authorities);
    }
    if (Set.of("verify_ca", "verify_identity").contains(mode)) {
      throw new IllegalArgumentException(
          "--url asks for sslMode=%s: name the certificates, in PEM form, by --ca-file FILE"
              .formatted(mode.toUpperCase(Locale.ROOT)));
    }
    return mode.equals("required") ? new Tls.Required() : new Tls.Off();
  }
}
