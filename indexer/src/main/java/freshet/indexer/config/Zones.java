package freshet.indexer.config;

import freshet.replicator.config.Nearest;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Names of zones, such as Europe/Berlin. */
final class Zones {
  /** What is said of a text that is none. */
  static final String EXPECTED = "a zone is expected, such as Europe/Berlin or UTC";

  private Zones() {}

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if there is no such zone, with the one that was probably meant
   */
  static ZoneId parse(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          EXPECTED + nearest(text).map(name -> "; did you mean " + name + "?").orElse(""), e);
    }
  }

  /** By the place alone, by a slip of the fingers, by a slip in the place alone. */
  private static Optional<String> nearest(String text) {
    Map<String, String> places = new TreeMap<>();
    for (String name : ZoneId.getAvailableZoneIds()) {
      places.merge(
          name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT),
          name,
          // Where several end alike, always the same one.
          (one, other) -> one.compareTo(other) < 0 ? one : other);
    }
    String place =
        text.substring(text.lastIndexOf('/') + 1)
            .strip()
            .replace(' ', '_')
            .toLowerCase(Locale.ROOT);
    return Optional.ofNullable(places.get(place))
        .or(() -> Nearest.to(text, ZoneId.getAvailableZoneIds()))
        .or(() -> Nearest.to(place, places.keySet()).map(places::get));
  }
}
