package freshet.replicator.alert;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the state of every kind of fault, and hands what is decided to the sinks. Thread-safe. */
public final class AlertMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(AlertMonitor.class);

  private final AlertOptions options;
  private final List<AlertSink> sinks;
  private final Map<AlertKind, AlertState> states = new EnumMap<>(AlertKind.class);

  /** All kinds begin quiet. */
  public AlertMonitor(AlertOptions options, List<AlertSink> sinks) {
    this.options = options;
    this.sinks = List.copyOf(sinks);
  }

  /**
   * Looks once.
   *
   * @return what was sent
   */
  public synchronized List<Alert> look(Observation seen) {
    List<Alert> sent = new ArrayList<>();
    for (AlertKind kind : AlertKind.values()) {
      AlertState state = states.getOrDefault(kind, new AlertState.Quiet());
      AlertRule.Decision decision = new AlertRule(kind, options).decide(state, seen);
      states.put(kind, decision.next());
      decision.alert().ifPresent(sent::add);
    }
    sent.forEach(this::send);
    return sent;
  }

  /** What is firing now. */
  public synchronized Map<AlertKind, AlertState.Firing> firing() {
    Map<AlertKind, AlertState.Firing> firing = new EnumMap<>(AlertKind.class);
    states.forEach(
        (kind, state) -> {
          if (state instanceof AlertState.Firing current) {
            firing.put(kind, current);
          }
        });
    return firing;
  }

  private void send(Alert alert) {
    for (AlertSink sink : sinks) {
      try {
        sink.send(alert);
      } catch (RuntimeException e) {
        LOG.error(
            "{} did not take an alert: {}: {}",
            sink.getClass().getSimpleName(),
            e,
            alert.text(),
            e);
      }
    }
  }
}
