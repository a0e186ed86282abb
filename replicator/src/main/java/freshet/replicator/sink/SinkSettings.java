package freshet.replicator.sink;

import freshet.replicator.runtime.Time;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where messages go; null for what is not configured.
 *
 * @param log whether they are logged
 * @param webhook that they are posted to
 * @param alertmanager that is told
 * @param smtp who is mailed
 * @param command that is run
 */
public record SinkSettings(
    boolean log,
    WebhookSink.@Nullable Settings webhook,
    AlertmanagerSink.@Nullable Settings alertmanager,
    SmtpSink.@Nullable Settings smtp,
    CommandSink.@Nullable Settings command) {

  /** A sink for each. */
  public List<Sink> sinks(Time time) {
    List<Sink> sinks = new ArrayList<>();
    if (log) {
      sinks.add(new LogSink());
    }
    if (webhook != null) {
      sinks.add(new WebhookSink(webhook));
    }
    if (alertmanager != null) {
      sinks.add(new AlertmanagerSink(alertmanager, time));
    }
    if (smtp != null) {
      sinks.add(new SmtpSink(smtp));
    }
    if (command != null) {
      sinks.add(new CommandSink(command));
    }
    return sinks;
  }
}
