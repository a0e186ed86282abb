package freshet.replicator.app;

import freshet.replicator.pause.PauseWatch;
import freshet.replicator.runtime.Time;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What GET /metrics tells of a node's pauses.
 *
 * @param pauses of it
 * @param time the clock
 */
public record PauseMetrics(PauseWatch pauses, Time time) implements MeterBinder {
  private static final double MILLIS = 1000.0;

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder(
            "freshet_pause_remaining_seconds",
            this,
            each -> each.pauses.now().remaining(each.time.now()).toMillis() / MILLIS)
        .description("Until nothing is paused any more, be it everything or a city; 0 if it is")
        .register(registry);
  }
}
