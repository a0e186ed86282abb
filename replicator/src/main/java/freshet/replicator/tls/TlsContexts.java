package freshet.replicator.tls;

import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes SSL contexts of PEM files. */
public final class TlsContexts {
  private TlsContexts() {}

  /**
   * For a server. Files that are replaced later are taken up by the next handshakes.
   *
   * @param certificate the server's own, then those of the authorities between it and a root
   * @param key its key, PKCS#8, not encrypted
   * @throws PemException if one can't be used now; says why and what to do
   */
  public static SSLContext server(Path certificate, Path key, Time time) throws PemException {
    return context(new KeyManager[] {new ReloadingKeys(certificate, key, time)}, null);
  }

  /** For a client that trusts what these authorities signed, and nothing else. */
  public static SSLContext trusting(Path authorities) throws PemException {
    return context(null, new TrustManager[] {trust(authorities)});
  }

  /** The same for one that stays: a file that is replaced later counts for its next handshakes. */
  public static SSLContext trusting(Path authorities, Time time) throws PemException {
    return context(null, new TrustManager[] {new ReloadingTrust(authorities, time)});
  }

  static X509ExtendedTrustManager trust(Path authorities) throws PemException {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      List<X509Certificate> trusted = PemFile.certificates(authorities);
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry("authority-" + i, trusted.get(i));
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager trust) {
          return new ValidCertificates(trust);
        }
      }
      throw new IllegalStateException("this JDK trusts nobody by X.509 certificates");
    } catch (PemException e) {
      throw e;
    } catch (GeneralSecurityException | IOException e) {
      throw new PemException("%s can't be trusted: %s".formatted(authorities, e), e);
    }
  }

  /**
   * For a client on the server's own host: it trusts this one certificate, whatever name the server
   * is reached by.
   */
  public static SSLContext trustingOnly(Path certificate) throws PemException {
    X509Certificate own = PemFile.certificates(certificate).getFirst();
    return context(null, new TrustManager[] {new PinnedCertificate(own)});
  }

  private static SSLContext context(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }
}
