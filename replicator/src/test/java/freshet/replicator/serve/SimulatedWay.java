package freshet.replicator.serve;

import freshet.replicator.serve.RateRule.Reading;
import freshet.replicator.serve.RateRule.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Slaves that take whatever they are sent, over a way whose queue the master's handshakes share,
 * computed in steps of a millisecond. A handshake is five round trips in three parts.
 */
final class SimulatedWay {
  private static final long STEP = 1_000_000;
  private static final int TRIPS = 5;

  /** After which trips a part ends. */
  private static final Set<Integer> ENDS = Set.of(2, 3, 5);

  private final double bufferBytes;
  private final long tripNanos;
  private final List<Duration> waits = new ArrayList<>();
  private double bytesPerSecond;
  private long busyNanos;
  private Random random = new Random(0);
  private State state;
  private long now;
  private double queue;
  private double sent;
  private double carriable;

  private long began = -1;
  private double sentBefore;
  private int tripsLeft;
  private double tripLeft;
  private long partBegan;
  private final List<Duration> parts = new ArrayList<>();
  private long lastRead;

  /** An idle way, on which a handshake takes that long. */
  SimulatedWay(double bytesPerSecond, double bufferBytes, Duration idle) {
    this.bytesPerSecond = bytesPerSecond;
    this.bufferBytes = bufferBytes;
    this.tripNanos = idle.toNanos() / TRIPS;
    this.state = RateRule.after(State.START, new Reading(idle(), 0, 0, 0));
  }

  /** From now on it is as wide or as narrow as that. */
  void becomes(double widthBytesPerSecond) {
    bytesPerSecond = widthBytesPerSecond;
  }

  /** From now on the processors of the host delay each part of a handshake by up to so much. */
  void busy(Duration atMost, Random chance) {
    busyNanos = atMost.toNanos();
    random = chance;
  }

  /** Nobody clones for so long. */
  void rest(Duration duration) {
    now += duration.toNanos();
    queue = 0;
    began = -1;
    state = RateRule.atRest(state, now);
  }

  /** Lets slaves clone for so long. */
  void run(Duration duration) {
    state = RateRule.begun(state, Long.MAX_VALUE, now);
    for (long end = now + duration.toNanos(); now < end; now += STEP) {
      double carried = bytesPerSecond * STEP / 1e9;
      double offered = Math.min(rate() * STEP / 1e9, carried + bufferBytes - queue);
      queue = Math.max(0, queue + offered - carried);
      sent += offered;
      carriable += carried;
      waits.add(Duration.ofNanos((long) delayNanos()));
      handshake();
    }
  }

  /** How long what comes to the way's end waited there, of so many of all moments. */
  Duration waited(double share) {
    List<Duration> sorted = new ArrayList<>(waits);
    Collections.sort(sorted);
    return sorted.get((int) (share * (sorted.size() - 1)));
  }

  /** What part of the way was used. */
  double used() {
    return sent / carriable;
  }

  /** What may be sent now. */
  double rate() {
    RateRule.Limit limit = state.limit();
    return limit == null ? Double.MAX_VALUE : limit.bytesPerSecond();
  }

  private Handshake idle() {
    return new Handshake(
        List.of(
            Duration.ofNanos(2 * tripNanos),
            Duration.ofNanos(tripNanos),
            Duration.ofNanos(2 * tripNanos)));
  }

  private double delayNanos() {
    return queue / bytesPerSecond * 1e9;
  }

  /** Seldom long, as where a thread waits for its turn: a sixteenth of the most in the median. */
  private double busy() {
    return busyNanos * Math.pow(random.nextDouble(), 4);
  }

  private void handshake() {
    if (began < 0) {
      if (RateRule.untilWanted(state, true, lastRead, now).isZero()) {
        began = now;
        sentBefore = sent;
        tripsLeft = TRIPS;
        partBegan = now;
        parts.clear();
        tripLeft = tripNanos + delayNanos() + busy();
      }
      return;
    }
    tripLeft -= STEP;
    if (tripLeft <= 0) {
      tripsLeft--;
      tripLeft += tripNanos + delayNanos();
      if (ENDS.contains(TRIPS - tripsLeft)) {
        parts.add(Duration.ofNanos(now - partBegan));
        partBegan = now;
        tripLeft += busy();
      }
    }
    double rate = (sent - sentBefore) * 1e9 / (now - began);
    if (tripsLeft == 0) {
      state = RateRule.after(state, new Reading(new Handshake(parts), rate, began, now));
      lastRead = now;
      began = -1;
    } else {
      Handshake soFar = Handshake.whole(Duration.ofNanos(now - began));
      state = RateRule.meanwhile(state, new Reading(soFar, rate, began, now));
    }
  }
}
