package freshet.replicator.alert;

import java.util.ArrayList;
import java.util.List;

/** Keeps what it is sent. Thread-safe. */
public final class RecordingSink implements AlertSink {
  private final List<Alert> alerts = new ArrayList<>();

  @Override
  public synchronized void send(Alert alert) {
    alerts.add(alert);
  }

  /** Everything sent so far, oldest first. */
  public synchronized List<Alert> alerts() {
    return List.copyOf(alerts);
  }
}
