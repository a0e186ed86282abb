package freshet.replicator.tls;

import freshet.replicator.runtime.Time;
import java.net.Socket;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server shows of itself. A handshake looks at most once a second whether the files were
 * replaced; ones that are no good are said once, and what was good is shown on. Thread-safe.
 */
final class ReloadingKeys extends X509ExtendedKeyManager {
  private static final Logger LOG = LoggerFactory.getLogger(ReloadingKeys.class);
  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration RENEW_BEFORE = Duration.ofDays(14);

  private final ReentrantLock lock = new ReentrantLock();
  private final Path certificate;
  private final Path key;
  private final Time time;
  private List<FileStamp> files;

  /** Those that were no good at the last look; null if that was none. */
  private @Nullable List<FileStamp> bad;

  private long lookedAt;
  private int loads;

  /** By alias: the current one, and the one before it for a handshake that is half through. */
  private volatile Map<String, Identity> identities;

  private volatile String current;

  ReloadingKeys(Path certificate, Path key, Time time) throws PemException {
    this.certificate = certificate;
    this.key = key;
    this.time = time;
    this.files = look();
    this.lookedAt = time.nanoTime();
    this.current = "0";
    this.identities = Map.of(current, read());
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    reloadIfChanged();
    String alias = current;
    Identity identity = identities.get(alias);
    return identity != null && identity.key().getAlgorithm().equals(keyType) ? alias : null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return chooseEngineServerAlias(keyType, issuers, null);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    Identity identity = identities.get(alias);
    return identity == null ? null : identity.chain().toArray(X509Certificate[]::new);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    Identity identity = identities.get(alias);
    return identity == null ? null : identity.key();
  }

  @Override
  public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return new String[] {current};
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null;
  }

  private void reloadIfChanged() {
    // Somebody else looks at this moment: the old one is good enough for this handshake.
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (time.since(lookedAt).compareTo(LOOK_INTERVAL) >= 0) {
        lookedAt = time.nanoTime();
        reload(look());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Tries bad ones again: that a file may be read by now, or is valid by now, no stamp shows. */
  private void reload(List<FileStamp> found) {
    if (found.equals(files)) {
      return;
    }
    try {
      replace(read());
      files = found;
      bad = null;
    } catch (PemException e) {
      if (!found.equals(bad)) {
        LOG.error(
            "the certificate in use is kept, its files were replaced badly: {}", e.getMessage());
        bad = found;
      }
    }
  }

  private void replace(Identity next) {
    String alias = Integer.toString(++loads);
    String before = current;
    identities = Map.of(alias, next, before, identities.getOrDefault(before, next));
    current = alias;
    LOG.info("the certificate was replaced, from {}", certificate);
  }

  private Identity read() throws PemException {
    Identity identity = Identity.read(certificate, key, time.now());
    Instant until = identity.chain().getFirst().getNotAfter().toInstant();
    if (Duration.between(time.now(), until).compareTo(RENEW_BEFORE) < 0) {
      LOG.warn("{} is valid until {} only: renew it", certificate, until);
    }
    return identity;
  }

  private List<FileStamp> look() {
    return List.of(FileStamp.of(certificate), FileStamp.of(key));
  }
}
