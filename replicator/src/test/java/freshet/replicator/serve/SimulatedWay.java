package freshet.replicator.serve;

import freshet.replicator.serve.RateRule.Reading;
import freshet.replicator.serve.RateRule.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Slaves that take whatever they are sent, over a way whose queue the master's handshakes share,
 * computed in steps of a millisecond. A handshake is five round trips.
 */
final class SimulatedWay {
  private static final long STEP = 1_000_000;
  private static final int TRIPS = 5;

  private final double bytesPerSecond;
  private final double bufferBytes;
  private final long tripNanos;
  private final List<Duration> waits = new ArrayList<>();
  private State state;
  private long now;
  private double queue;
  private double sent;

  private long began = -1;
  private double sentBefore;
  private int tripsLeft;
  private double tripLeft;
  private long lastRead;

  /** An idle way, on which a handshake takes that long. */
  SimulatedWay(double bytesPerSecond, double bufferBytes, Duration idle) {
    this.bytesPerSecond = bytesPerSecond;
    this.bufferBytes = bufferBytes;
    this.tripNanos = idle.toNanos() / TRIPS;
    this.state = RateRule.after(State.START, new Reading(idle, 0, 0, 0));
  }

  /** Lets slaves clone for so long. */
  void run(Duration duration) {
    state = RateRule.begun(state, Long.MAX_VALUE, now);
    for (long end = now + duration.toNanos(); now < end; now += STEP) {
      double carried = bytesPerSecond * STEP / 1e9;
      double offered = Math.min(rate() * STEP / 1e9, carried + bufferBytes - queue);
      queue = Math.max(0, queue + offered - carried);
      sent += offered;
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
    return sent / bytesPerSecond / (now / 1e9);
  }

  /** What may be sent now. */
  double rate() {
    RateRule.Limit limit = state.limit();
    return limit == null ? Double.MAX_VALUE : limit.bytesPerSecond();
  }

  private double delayNanos() {
    return queue / bytesPerSecond * 1e9;
  }

  private void handshake() {
    if (began < 0) {
      if (RateRule.untilWanted(state, true, lastRead, now).isZero()) {
        began = now;
        sentBefore = sent;
        tripsLeft = TRIPS;
        tripLeft = tripNanos + delayNanos();
      }
      return;
    }
    tripLeft -= STEP;
    if (tripLeft <= 0 && --tripsLeft > 0) {
      tripLeft += tripNanos + delayNanos();
    }
    Duration took = Duration.ofNanos(now - began);
    Reading reading = new Reading(took, (sent - sentBefore) * 1e9 / (now - began), began, now);
    if (tripsLeft == 0) {
      state = RateRule.after(state, reading);
      lastRead = now;
      began = -1;
    } else {
      state = RateRule.meanwhile(state, reading);
    }
  }
}
