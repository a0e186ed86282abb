package freshet.replicator.tls;

import freshet.replicator.runtime.Time;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom a client trusts. A handshake looks at most once a second whether the file was replaced; one
 * that is no good is said once, and what was good stays. Thread-safe.
 */
final class ReloadingTrust extends X509ExtendedTrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingTrust.class);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Path authorities;
  private final Time time;
  private FileStamp file;

  /** One that was no good at the last look; null if it was. */
  private @Nullable FileStamp bad;

  private long lookedAt;
  private volatile X509ExtendedTrustManager current;

  ReloadingTrust(Path authorities, Time time) throws PemException {
    this.authorities = authorities;
    this.time = time;
    this.file = FileStamp.of(authorities);
    this.lookedAt = time.nanoTime();
    this.current = TlsContexts.trust(authorities);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    now().checkServerTrusted(chain, authType);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    now().checkServerTrusted(chain, authType, socket);
  }

  @Override
  public void checkServerTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    now().checkServerTrusted(chain, authType, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    now().checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
      throws CertificateException {
    now().checkClientTrusted(chain, authType, socket);
  }

  @Override
  public void checkClientTrusted(
      X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
      throws CertificateException {
    now().checkClientTrusted(chain, authType, engine);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return now().getAcceptedIssuers();
  }

  private X509ExtendedTrustManager now() {
    // Somebody else looks at this moment: what was trusted is good enough for this handshake.
    if (lock.tryLock()) {
      try {
        reloadIfChanged();
      } finally {
        lock.unlock();
      }
    }
    return current;
  }

  private void reloadIfChanged() {
    if (time.since(lookedAt).compareTo(LOOK_INTERVAL) < 0) {
      return;
    }
    lookedAt = time.nanoTime();
    FileStamp found = FileStamp.of(authorities);
    if (!found.equals(file)) {
      reload(found);
    }
  }

  /** Tries a bad one again: that a file may be read by now no stamp shows. */
  private void reload(FileStamp found) {
    try {
      current = TlsContexts.trust(authorities);
      file = found;
      bad = null;
      LOG.info("whom to trust was replaced, from {}", authorities);
    } catch (PemException e) {
      if (!found.equals(bad)) {
        LOG.error("whom to trust is kept, its file was replaced badly: {}", e.getMessage());
        bad = found;
      }
    }
  }
}
