package freshet.replicator.app;

import freshet.replicator.alert.AlertMonitor;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * What GET /metrics tells of a node's watch.
 *
 * @param monitor of it
 */
public record AlertMetrics(AlertMonitor monitor) implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("freshet_incidents_firing", monitor, each -> each.open().firing().size())
        .description("Incidents that somebody was told of and that are not over")
        .register(registry);
    Gauge.builder("freshet_alert_messages_waiting", monitor, AlertMonitor::waiting)
        .description("Messages that wait for their sinks, all sinks together")
        .register(registry);
    Gauge.builder("freshet_alert_messages_dropped", monitor, AlertMonitor::dropped)
        .description("Messages that never arrived, and that no later message has told of yet")
        .register(registry);
  }
}
