package freshet.indexer.scan;

import freshet.indexer.connect.Watchdog;
import freshet.indexer.session.PollSession;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.StretchReader;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread's conversation with the servers. A poll that fails is followed by the next one on its
 * schedule; a scan would be over. So what failed for a reason that may pass is begun again, in a
 * new {@link Leg}, for as long as its patience lasts.
 */
final class PatientSession {
  private static final Logger LOG = LoggerFactory.getLogger(PatientSession.class);

  /** Then the servers are looked at again, as each poll does. */
  private static final Duration LEG = Duration.ofSeconds(10);

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /**
   * A part of a scan that is, to the servers, what one poll is: it may connect twice to each, and
   * sees one of them.
   *
   * @param reader of its session
   * @param sinceNanos when it began
   */
  record Leg(PollSession session, StretchReader reader, long sinceNanos) {}

  /** Something to do, which is repeated as a whole. */
  interface Work<T> {
    T run(Leg leg) throws SourceException;
  }

  /** Whether rows may be read from a server. */
  interface Admission {
    /** Throws if they may not be, as yet. */
    void check(Sessions.Opened server) throws SourceException;
  }

  private final Sessions sessions;
  private final Function<PollSession, Leg> legs;
  private final Duration longest;
  private final Duration patience;
  private final Waits waits;
  private final Time time;
  private final StopSignal stop;
  private @Nullable Leg leg;

  /**
   * A conversation that begins when there is something to do.
   *
   * @param sessions of its own
   * @param longest that one piece of work may take
   * @param patience that failures are borne with
   */
  PatientSession(
      Sessions sessions,
      Function<PollSession, Leg> legs,
      Duration longest,
      Duration patience,
      Waits waits,
      Time time,
      StopSignal stop) {
    this.sessions = sessions;
    this.legs = legs;
    this.longest = longest;
    this.patience = patience;
    this.waits = waits;
    this.time = time;
    this.stop = stop;
  }

  /**
   * Does it.
   *
   * @param begun the servers have what there was then
   * @throws SourceException if that failed for good, for too long, or a stop was requested
   */
  <T> T run(SourcePosition begun, Admission admission, Work<T> work) throws SourceException {
    long start = time.nanoTime();
    Duration pause = FIRST_PAUSE;
    boolean hasWaited = false;
    try {
      while (true) {
        if (stop.isRequested()) {
          throw new SourceException.Stopped("the scan was stopped", null);
        }
        try {
          return guarded(leg(begun, admission), work);
        } catch (SourceException e) {
          leg = null;
          if (!e.isTransient() || time.since(start).compareTo(patience) >= 0) {
            throw e;
          }
          LOG.warn("the scan goes on in {} s: {}", pause.toSeconds(), e.getMessage());
          hasWaited = true;
          waits.begin(WaitReason.SERVER, String.valueOf(e.getMessage()));
          waits.await(stop, pause);
          Duration twice = pause.multipliedBy(2);
          pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
        }
      }
    } finally {
      if (hasWaited) {
        waits.end();
      }
    }
  }

  private Leg leg(SourcePosition begun, Admission admission) throws SourceException {
    Leg current = leg;
    if (current != null
        && current.session().retries() == 0
        && time.since(current.sinceNanos()).compareTo(LEG) < 0) {
      return current;
    }
    PollSession session = sessions.poll(begun);
    Leg next = legs.apply(session);
    leg = next;
    admission.check(session.open());
    return next;
  }

  private <T> T guarded(Leg current, Work<T> work) throws SourceException {
    String late = "a page was not read within " + longest.toMillis() + " ms";
    Watchdog watchdog =
        Watchdog.arm("page-deadline", time, longest, () -> current.session().expire(late));
    try {
      return work.run(current);
    } finally {
      watchdog.close();
    }
  }

  /** Ends what is under way, from any thread. */
  void abort() {
    sessions.abort();
  }
}
