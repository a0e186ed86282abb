package freshet.replicator.app;

import freshet.replicator.alert.AlertSettings;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Notice;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.runtime.Time;
import freshet.replicator.sink.Message;
import freshet.replicator.sink.Sink;
import freshet.replicator.sink.SinkException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sends one message through every sink, past the outboxes, and tells what happened. */
public final class AlertTrial {
  private AlertTrial() {}

  /**
   * What happened at one sink.
   *
   * @param sink its name
   * @param target where it goes
   * @param millis how long it took
   * @param failure why it did not arrive; null if it did
   */
  public record Result(String sink, String target, long millis, @Nullable String failure) {

    /** In one line. */
    public String text() {
      return failure == null
          ? "%s (%s): delivered in %,d ms".formatted(sink, target, millis)
          : "%s (%s): FAILED after %,d ms: %s".formatted(sink, target, millis, failure);
    }
  }

  /**
   * All of them.
   *
   * @param results in the order of the sinks
   */
  public record Results(List<Result> results) {
    /** Copies the list. */
    public Results {
      results = List.copyOf(results);
    }

    /** Whether the message arrived everywhere. */
    public boolean hasArrived() {
      return results.stream().allMatch(result -> result.failure() == null);
    }
  }

  /**
   * Tries them one after the other.
   *
   * @param where which node tries
   */
  public static Results run(String where, AlertSettings settings, Time time)
      throws InterruptedException {
    Message message = new Message(notice(where, time.now()), 0);
    List<Result> results = new ArrayList<>();
    for (Sink sink : settings.sinks().sinks(time)) {
      long started = time.nanoTime();
      String failure = null;
      try {
        sink.send(message);
      } catch (SinkException e) {
        failure = String.valueOf(e.getMessage());
      }
      results.add(new Result(sink.name(), sink.target(), time.since(started).toMillis(), failure));
    }
    return new Results(results);
  }

  private static Notice notice(String where, Instant now) {
    return new Notice(
        Notice.Event.TEST,
        now,
        new Incident(
            "%s/test/%s".formatted(where, now),
            Incident.Phase.FIRING,
            "test",
            Stage.SERVE,
            Severity.WARNING,
            where,
            now,
            "Test",
            "somebody tries whether alerts arrive",
            Collections.emptySortedSet(),
            null,
            null,
            0,
            "nothing",
            "What if alerts do not arrive?"));
  }
}
