package freshet.indexer.connect;

import java.nio.file.Path;

/** What is asked of the encryption between client and database. */
public sealed interface Tls {

  /** None. */
  record Off() implements Tls {}

  /** Encrypted, to whoever answers. */
  record Required() implements Tls {}

  /**
   * The server's certificate must be signed by one of these.
   *
   * @param authorities a file of certificates in PEM form, read at every connect
   */
  record VerifyCa(Path authorities) implements Tls {}

  /**
   * As {@link VerifyCa}, and the certificate must be for the configured host.
   *
   * @param authorities a file of certificates in PEM form, read at every connect
   */
  record VerifyIdentity(Path authorities) implements Tls {}
}
