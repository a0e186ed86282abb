package freshet.replicator.app;

import freshet.replicator.flight.FlightRecorder;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What GET /metrics tells of a node's recorder.
 *
 * @param recorder itself
 */
public record FlightMetrics(FlightRecorder recorder) implements MeterBinder {
  private static final double NANOS = 1e9;

  @Override
  public void bindTo(MeterRegistry registry) {
    FunctionCounter.builder("freshet_flight_dropped_total", recorder, FlightRecorder::dropped)
        .description("Failures and recordings that could not be written")
        .register(registry);
    FunctionCounter.builder(
            "freshet_flight_sampling_seconds_total",
            recorder,
            each -> each.sampling().toNanos() / NANOS)
        .description("How long the recorder's samples took, which it takes every second")
        .register(registry);
  }
}
