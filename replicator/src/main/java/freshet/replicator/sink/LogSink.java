package freshet.replicator.sink;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes messages to the log, one line each. */
public final class LogSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger("freshet.alert");

  @Override
  public String name() {
    return "log";
  }

  @Override
  public String target() {
    return "the log, as freshet.alert";
  }

  @Override
  public void send(Message message) {
    switch (message.notice().event()) {
      case FIRING, STILL_FIRING -> LOG.error("ALERT {}", message.text());
      case RESOLVED -> LOG.info("RESOLVED {}", message.text());
      case TEST -> LOG.info("TEST {}", message.text());
    }
  }
}
