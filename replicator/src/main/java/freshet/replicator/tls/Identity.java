package freshet.replicator.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * A certificate with its key, which belong together.
 *
 * @param chain the server's own certificate, then those that vouch for it
 * @param key of the first
 */
record Identity(List<X509Certificate> chain, PrivateKey key) {
  private static final byte[] PROBE = {1, 2, 3, 4};

  Identity {
    chain = List.copyOf(chain);
  }

  /**
   * Reads both files.
   *
   * @param now what the certificate must be valid at
   * @throws PemException if it is not, or the key is another one's
   */
  static Identity read(Path certificate, Path key, Instant now) throws PemException {
    List<X509Certificate> chain = PemFile.certificates(certificate);
    X509Certificate own = chain.getFirst();
    Instant from = own.getNotBefore().toInstant();
    Instant until = own.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      throw new PemException(
          "%s (%s) is valid from %s until %s, it is %s: renew the certificate, or set this host's clock"
              .formatted(certificate, own.getSubjectX500Principal(), from, until, now),
          null);
    }
    return of(certificate, chain, key);
  }

  /** The same at any time. */
  static Identity read(Path certificate, Path key) throws PemException {
    return of(certificate, PemFile.certificates(certificate), key);
  }

  private static Identity of(Path certificate, List<X509Certificate> chain, Path key)
      throws PemException {
    X509Certificate own = chain.getFirst();
    PrivateKey secret = PemFile.key(key);
    if (!belongTogether(own.getPublicKey(), secret)) {
      throw new PemException(
          "the key %s does not belong to the certificate %s (%s): give the key that the certificate was requested with"
              .formatted(key, certificate, own.getSubjectX500Principal()),
          null);
    }
    return new Identity(chain, secret);
  }

  private static boolean belongTogether(PublicKey open, PrivateKey secret) {
    String algorithm =
        switch (open.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> open.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(secret);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      // A key of another kind can't even sign so.
      return false;
    }
  }
}
