package freshet.replicator.alert;

import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.IncidentOptions;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import freshet.replicator.runtime.Backoff;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.sink.SinkSettings;
import freshet.replicator.sink.WebhookSink;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A node that fails at once and for ever, and tells a webhook: a process of its own, to be killed.
 */
final class FailingNode {
  private static final IncidentOptions AT_ONCE =
      new IncidentOptions(
          Duration.ZERO, Duration.ofMinutes(1), Duration.ofHours(4), Duration.ofMinutes(10));

  private FailingNode() {}

  /** Takes the folder of the alerts and the URL of the webhook; ends with its standard input. */
  public static void main(String... arguments) throws Exception {
    AlertMonitor monitor = start(Path.of(arguments[0]), URI.create(arguments[1]));
    System.in.read();
    monitor.close();
  }

  static AlertMonitor start(Path folder, URI webhook) {
    AlertMonitor monitor =
        new AlertMonitor(
            folder,
            new AlertSettings(AT_ONCE, 100, 100, new SinkSettings(false, null, null, null, null)),
            List.of(
                new WebhookSink(new WebhookSink.Settings(webhook, null, Duration.ofSeconds(30)))),
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(20), new Random(7)),
            new SystemTime());
    Symptom symptom =
        Symptom.of(
            Cause.of("poll-fails", Stage.POLL, Severity.CRITICAL),
            "Unreachable",
            "no route",
            null,
            new Advice("bin/indexer doctor", "Unreachable"));
    monitor.look("master", null, null, at -> List.of(symptom));
    return monitor;
  }
}
