package freshet.replicator.app;

import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.Words;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether queries should be sent to a slave. Pure. */
final class Readiness {
  private Readiness() {}

  /**
   * Why not; empty if what is served is fresh enough. A canary that is too old proves that it is
   * not, whatever the age says. One that is not found proves nothing: a row that somebody deleted
   * must not take every slave from its balancer at once.
   *
   * @param canary null if none is configured
   * @param limit how old what is served may be
   */
  static Optional<String> whyNot(AgeReport report, @Nullable CanaryReport canary, Duration limit) {
    return switch (report.age()) {
      case Age.Unknown unknown -> Optional.of(unknown.reason());
      case Age.Known known when known.atMost().compareTo(limit) > 0 ->
          Optional.of(
              "the age of city %s is up to %d ms, above the limit of %d ms"
                  .formatted(report.oldest(), known.atMost().toMillis(), limit.toMillis()));
      case Age.Known known -> Optional.ofNullable(canary).flatMap(seen -> tooOld(seen, limit));
    };
  }

  private static Optional<String> tooOld(CanaryReport canary, Duration limit) {
    Duration behind = canary.atLeast();
    return behind == null || behind.compareTo(limit) <= 0
        ? Optional.empty()
        : Optional.of(
            "the canary: %s; it should be written every %s, so that what is served is at least %s behind the database, above the limit of %s"
                .formatted(
                    canary.sentence(),
                    Words.duration(canary.canary().every()),
                    Words.duration(behind),
                    Words.duration(limit)));
  }
}
