package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was wrong with packs. Each had the digest that its manifest gives when it was fetched, so
 * that whoever made the one made the other. Thread-safe.
 */
public final class PackHealth {
  private static final Logger LOG = LoggerFactory.getLogger(PackHealth.class);

  /** Distrusted ones that are known at one time; those before are fetched and looked at again. */
  private static final int REMEMBERED = 100;

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Digest> distrusted = new LinkedHashSet<>();
  private long failures;
  private @Nullable String finding;

  /** How many packs held something else than they should, or could not be read. */
  public long failures() {
    lock.lock();
    try {
      return failures;
    } finally {
      lock.unlock();
    }
  }

  /** What was wrong with the last one, until one is as it should be again. */
  public Optional<String> finding() {
    lock.lock();
    try {
      return Optional.ofNullable(finding);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a pack was met before, and is not to be fetched again. */
  boolean isDistrusted(Digest pack) {
    lock.lock();
    try {
      return distrusted.contains(pack);
    } finally {
      lock.unlock();
    }
  }

  /** Packs were as they should be. */
  void sound() {
    lock.lock();
    try {
      finding = null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A pack was not as it should be.
   *
   * @param name its relative name, and whose it is
   */
  void distrust(Digest pack, String name, String why) {
    lock.lock();
    try {
      failures++;
      finding =
          "%s is no pack that a master makes: %s; it is not kept, what it should have had is fetched by itself. If it happens again, find out who writes to that repository"
              .formatted(name, why);
      if (distrusted.size() == REMEMBERED) {
        distrusted.remove(distrusted.iterator().next());
      }
      distrusted.add(pack);
      LOG.warn("{}", finding);
    } finally {
      lock.unlock();
    }
  }
}
