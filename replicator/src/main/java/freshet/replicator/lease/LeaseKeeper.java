package freshet.replicator.lease;

import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews leases as their holders get on: it is told of every step, and writes a file now and then.
 * Where the repository can't be written there is no lease, and nothing fails. Thread-safe.
 */
public final class LeaseKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  /** A lease is renewed once so much of its time has passed. */
  private static final int SHARE = 4;

  /** Holders that are known at one time; those beyond hold no lease. */
  private static final int MAX_HOLDERS = 1000;

  private final ReentrantLock lock = new ReentrantLock();
  private final LeaseFolder folder;
  private final Time time;
  private final Map<String, Written> written = new HashMap<>();
  private boolean hasFailed;

  private record Written(Generation generation, Instant at, Duration lasts) {
    boolean isFresh(Instant now) {
      return now.isBefore(at.plus(lasts.dividedBy(SHARE)));
    }
  }

  /** For holders of what is in this repository. */
  public LeaseKeeper(RepositoryLayout layout, Time time) {
    this.folder = new LeaseFolder(layout);
    this.time = time;
  }

  /** A holder got on with a snapshot. */
  public void renew(String holder, Generation generation) {
    Instant now = time.now();
    lock.lock();
    try {
      Written last = written.get(holder);
      if (last != null && last.generation.equals(generation) && last.isFresh(now)) {
        return;
      }
      if (last == null && written.size() >= MAX_HOLDERS) {
        written.values().removeIf(one -> now.isAfter(one.at.plus(one.lasts)));
        if (written.size() >= MAX_HOLDERS) {
          return;
        }
      }
      Duration lasts = folder.time();
      // Before it is written: where that fails it is not tried at every step.
      written.put(holder, new Written(generation, now, lasts));
      folder.write(new Lease(Lease.FORMAT, holder, generation, now.plus(lasts)));
    } catch (IOException e) {
      tell(e);
    } finally {
      lock.unlock();
    }
  }

  /** A holder has what it wanted, or gave up. */
  public void release(String holder) {
    lock.lock();
    try {
      if (written.remove(holder) != null) {
        folder.remove(holder);
      }
    } catch (IOException e) {
      tell(e);
    } finally {
      lock.unlock();
    }
  }

  private void tell(IOException e) {
    if (!hasFailed) {
      hasFailed = true;
      LOG.info(
          "{} can't be written, so that no snapshot there is held while it is fetched: {}",
          folder.layout().leases(),
          e.toString());
    }
  }
}
