package freshet.replicator.app;

import freshet.replicator.config.Durations;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.freshness.Words;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Judges an age as a plugin of Nagios does. Pure.
 *
 * @param warning the age above which it is one
 * @param critical the age above which it is that
 */
record FreshnessCheck(Duration warning, Duration critical) {
  private static final double MILLIS = 1000.0;

  /** What a plugin can say; its code is what the process exits with. */
  enum State {
    OK(0),
    WARNING(1),
    CRITICAL(2),
    UNKNOWN(3);

    private final int code;

    State(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /**
   * What is said.
   *
   * @param state of it
   * @param line the one line, perhaps with performance data behind a bar
   */
  record Verdict(State state, String line) {
    static Verdict of(State state, String text) {
      // A line break or bar in a message would be taken for more than text.
      String clean = text.replaceAll("[\\s\\p{Cc}\\p{Zl}\\p{Zp}]+", " ").replace('|', '/');
      return new Verdict(state, "FRESHNESS %s - %s".formatted(state, clean));
    }
  }

  /** Refuses thresholds that contradict each other. */
  FreshnessCheck {
    if (!warning.isPositive() || warning.compareTo(critical) > 0) {
      throw new IllegalArgumentException(
          "-w must be above zero and not above -c, found -w %s -c %s"
              .formatted(Durations.show(warning), Durations.show(critical)));
    }
  }

  /** Of what a slave says of itself, or of what a folder holds. */
  Verdict judge(SlaveStatus status) {
    return switch (status.age().age()) {
      case Age.Unknown unknown ->
          Verdict.of(
              State.UNKNOWN,
              "%s: the age is unknown: %s; %s"
                  .formatted(status.name(), unknown.reason(), status.waitsFor()));
      case Age.Known known -> judge(status, known.atMost());
    };
  }

  private Verdict judge(SlaveStatus status, Duration age) {
    CanaryReport canary = status.canary();
    State state = worse(stateOf(age), canary == null ? State.OK : stateOf(canary));
    Verdict verdict =
        Verdict.of(
            state,
            "%s: at most %s behind the database, oldest city %s, generation %s; %s%s"
                .formatted(
                    status.name(),
                    Words.duration(age),
                    status.age().oldest(),
                    status.generation(),
                    status.waitsFor(),
                    canary == null ? "" : "; canary: " + canary.sentence()));
    String figures =
        String.format(
            Locale.ROOT,
            " | age=%.3fs;%.3f;%.3f;0 documents=%d;;;0%s",
            seconds(age),
            seconds(warning),
            seconds(critical),
            status.documents(),
            figure(canary));
    return new Verdict(state, verdict.line() + figures);
  }

  private State stateOf(Duration age) {
    return age.compareTo(critical) > 0
        ? State.CRITICAL
        : age.compareTo(warning) > 0 ? State.WARNING : State.OK;
  }

  /** By how old what is served must be for it; one that tells nothing is worth a look. */
  private State stateOf(CanaryReport canary) {
    Duration atLeast = canary.atLeast();
    return atLeast == null ? State.WARNING : stateOf(atLeast);
  }

  private static State worse(State one, State other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /** A figure that is unknown is left out, as the guidelines for plugins want it. */
  private static String figure(@Nullable CanaryReport canary) {
    return canary != null && canary.age() instanceof Age.Known(Duration age)
        ? String.format(Locale.ROOT, " canary=%.3fs;;;0", seconds(age))
        : "";
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS;
  }
}
