package freshet.replicator.sink;

import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Notice;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;

/** Notices as values, for tests of what carries them. */
public final class Notices {
  private Notices() {}

  /** Of an incident that began then. */
  public static Notice of(Notice.Event event, Severity severity, Instant since) {
    return new Notice(event, since.plusSeconds(60), incident(severity, since));
  }

  /** An incident that began then. */
  public static Incident incident(Severity severity, Instant since) {
    return new Incident(
        "master/poll-fails/" + since,
        Incident.Phase.FIRING,
        "poll-fails",
        Stage.POLL,
        severity,
        "master",
        since,
        "HandshakeTimedOut",
        "no greeting from replica-1 within 3 s",
        new TreeSet<>(List.of("köln", "bonn")),
        since.plusSeconds(300),
        "1-0000000007",
        0,
        "bin/indexer doctor",
        "HandshakeTimedOut");
  }

  /** A message that carries it. */
  public static Message message(Notice.Event event) {
    return new Message(of(event, Severity.CRITICAL, Instant.parse("2026-03-01T12:00:00Z")), 0);
  }
}
