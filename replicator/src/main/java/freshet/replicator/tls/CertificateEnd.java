package freshet.replicator.tls;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * When a certificate ends.
 *
 * @param subject whose it is
 * @param end after which nobody trusts it
 */
public record CertificateEnd(String subject, Instant end) {

  /**
   * Those of all certificates of a PEM file: a server's own and those that vouch for it, or the
   * authorities that a client trusts.
   */
  public static List<CertificateEnd> in(Path file) throws PemException {
    return of(PemFile.certificates(file));
  }

  /**
   * The same of a file that a server shows.
   *
   * @throws PemException also if the key is another one's, so that it can't show it
   */
  public static List<CertificateEnd> shown(Path certificate, Path key) throws PemException {
    return of(Identity.read(certificate, key).chain());
  }

  private static List<CertificateEnd> of(List<X509Certificate> certificates) {
    return certificates.stream().map(CertificateEnd::of).toList();
  }

  private static CertificateEnd of(X509Certificate certificate) {
    return new CertificateEnd(
        certificate.getSubjectX500Principal().toString(), certificate.getNotAfter().toInstant());
  }
}
