package freshet.indexer.doctor;

import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.ConnectTimings;
import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.Session;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Timeouts;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Connects many times, one after the other, with a pause between, so that measuring is no burden of
 * its own. Gives up after a few failures of one kind in a row: each may cost its whole deadline,
 * and a server shuts out a host that breaks too many handshakes.
 */
final class Sampling {
  private static final int ALIKE = 3;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Connector connector;
  private final Timeouts timeouts;
  private final Time time;
  private final RandomGenerator random;

  Sampling(Connector connector, Timeouts timeouts, Time time, RandomGenerator random) {
    this.connector = connector;
    this.timeouts = timeouts;
    this.time = time;
    this.random = random;
  }

  Samples of(Endpoint endpoint, int wanted) throws InterruptedException {
    List<ConnectTimings> made = new ArrayList<>();
    List<Samples.Failure> failures = new ArrayList<>();
    int tried = 0;
    int alike = 0;
    Samples.Failure last = null;
    while (tried < wanted && alike < ALIKE) {
      if (tried > 0) {
        // Jitter, lest we keep step with something that happens regularly.
        time.sleep(PAUSE.plusMillis(random.nextLong(PAUSE.toMillis())));
      }
      tried++;
      try (Session session = Session.open(connector, endpoint, timeouts, time)) {
        made.add(session.timings());
        last = null;
        alike = 0;
      } catch (SourceException e) {
        Samples.Failure failure = Samples.Failure.of(e);
        alike = last != null && failure.isLike(last) ? alike + 1 : 1;
        last = failure;
        Samples.count(failures, failure);
      }
    }
    return samples(wanted, tried, made, failures);
  }

  private static Samples samples(
      int wanted, int tried, List<ConnectTimings> made, List<Samples.Failure> failures) {
    Map<ConnectPhase, List<Duration>> took = new EnumMap<>(ConnectPhase.class);
    made.forEach(
        timings ->
            timings
                .phases()
                .forEach(
                    (phase, duration) ->
                        took.computeIfAbsent(phase, p -> new ArrayList<>()).add(duration)));
    Map<ConnectPhase, Spread> phases = new EnumMap<>(ConnectPhase.class);
    took.forEach((phase, durations) -> phases.put(phase, Spread.of(durations)));
    return new Samples(
        wanted,
        tried,
        phases,
        made.isEmpty() ? null : Spread.of(made.stream().map(ConnectTimings::total).toList()),
        failures);
  }
}
