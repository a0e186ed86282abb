package freshet.replicator.flight;

import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Takes samples: what has happened since the one before. Used by one thread. */
final class Sampler {
  private final HostReader host;
  private final GcPauses gc;
  private final Time time;
  private HostCounters counters;
  private Traffic traffic = Traffic.NONE;
  private long takenAt;

  Sampler(HostReader host, GcPauses gc, Time time) {
    this.host = host;
    this.gc = gc;
    this.time = time;
    this.counters = host.read();
    this.takenAt = time.nanoTime();
  }

  /** One sample. */
  Sample take(Supplier<Traffic> sent) {
    HostCounters before = counters;
    Traffic sentBefore = traffic;
    Duration over = time.since(takenAt);
    takenAt = time.nanoTime();
    counters = host.read();
    traffic = sent.get();
    GcPauses.Paused paused = gc.take();
    return new Sample(
        time.now(),
        over,
        Math.max(0, traffic.sentBytes() - sentBefore.sentBytes()),
        traffic.transfers(),
        HostCounters.growth(before.retransmits(), counters.retransmits()),
        HostCounters.growth(before.synRetransmits(), counters.synRetransmits()),
        HostCounters.growth(before.drops(), counters.drops()),
        paused.count(),
        paused.total(),
        paused.longest(),
        counters.stealPercentSince(before),
        counters.waitedSince(before),
        counters.busySince(before));
  }

  /** What the host does not tell, and why. */
  List<String> missing() {
    return counters.missing();
  }
}
