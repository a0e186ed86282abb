package freshet.indexer.config;

import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.gate.GateLimits;

/** When a city's loss of documents is held back: the section {@code gate}. */
final class GateSection {
  private static final int ALL_PERCENT = 100;
  private static final int MANY_CITIES = 1_000_000;

  private GateSection() {}

  static Made<GateLimits> read(ConfigSection gate) {
    GateLimits otherwise = GateLimits.DEFAULT;
    int percent = gate.number("max_drop_percent", otherwise.maxDropPercent(), 0, ALL_PERCENT);
    int documents =
        gate.number("max_drop_documents", (int) otherwise.maxDropDocuments(), 0, Integer.MAX_VALUE);
    int cities = gate.number("max_held_cities", otherwise.maxHeldCities(), 0, MANY_CITIES);
    return gate.make(() -> new GateLimits(percent, documents, cities));
  }
}
