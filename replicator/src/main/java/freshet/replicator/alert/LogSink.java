package freshet.replicator.alert;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes alerts to the log, one line each. */
public final class LogSink implements AlertSink {
  private static final Logger LOG = LoggerFactory.getLogger("freshet.alert");

  @Override
  public void send(Alert alert) {
    switch (alert.event()) {
      case FIRING, STILL_FIRING -> LOG.error("ALERT {}", alert.text());
      case RESOLVED -> LOG.info("RESOLVED {}", alert.text());
    }
  }
}
