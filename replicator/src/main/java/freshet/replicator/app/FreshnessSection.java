package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.FreshnessSettings;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.freshness.Canary;
import freshet.replicator.snapshot.City;
import java.time.Duration;
import java.util.Optional;

/** Reads the section {@code freshness} of a slave. */
final class FreshnessSection {
  private FreshnessSection() {}

  /** Everything of it. */
  static Made<FreshnessSettings> read(ConfigSection freshness) {
    Duration limit = freshness.timeout("limit", Duration.ofMinutes(5));
    Duration skew = freshness.duration("max_clock_skew", Duration.ofSeconds(2));
    Made<Optional<Canary>> canary = canary(freshness);
    return freshness.make(() -> new FreshnessSettings(limit, skew, canary.get().orElse(null)));
  }

  private static Made<Optional<Canary>> canary(ConfigSection freshness) {
    boolean isWanted = freshness.has("canary");
    ConfigSection canary = freshness.section("canary");
    Optional<String> id = canary.optionalText("id");
    Optional<City> city = canary.optional("city", "the name of a city is expected", City::new);
    Optional<String> field = canary.optionalText("field");
    Duration every = canary.timeout("every", Duration.ofSeconds(10));
    if (isWanted && id.isEmpty()) {
      canary.problem("id", "missing: the key of the canary's row is required");
    }
    return canary.make(
        () -> id.map(key -> new Canary(key, city.orElse(null), field.orElse(null), every)));
  }
}
