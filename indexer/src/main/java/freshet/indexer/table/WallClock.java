package freshet.indexer.table;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;

/**
 * What a clock on the wall of a zone shows, in microseconds as if it were UTC: 02:30 in Berlin is
 * 02:30 after 1970. In autumn it shows an hour twice, in spring it leaves one out.
 *
 * @param rules of the zone
 */
public record WallClock(ZoneRules rules) {
  /** Shows what it is. */
  public static final WallClock UTC = new WallClock(ZoneOffset.UTC.getRules());

  /** No clock on earth is further away from another. */
  private static final long ONE_DAY = 86_400_000_000L;

  /** The clock of a zone. */
  public static WallClock of(ZoneId zone) {
    return new WallClock(zone.getRules());
  }

  /** What it shows at a point in time. */
  public long at(long utcMicros) {
    return utcMicros + micros(rules.getOffset(instant(utcMicros)));
  }

  /** The first point in time at which it shows this. */
  public long first(long wallMicros) {
    return wallMicros - micros(offsets(wallMicros).getFirst());
  }

  /** The last point in time at which it shows this. */
  public long last(long wallMicros) {
    return wallMicros - micros(offsets(wallMicros).getLast());
  }

  /**
   * The least that it shows between two points in time: what it shows at the first one, or where it
   * was set back to in between.
   */
  public long leastBetween(long utcMicros, long endMicros) {
    long least = at(utcMicros);
    Instant end = instant(Math.min(endMicros, utcMicros + ONE_DAY));
    ZoneOffsetTransition next = rules.nextTransition(instant(utcMicros));
    while (next != null && !next.getInstant().isAfter(end)) {
      least = Math.min(least, next.getDateTimeAfter().toEpochSecond(ZoneOffset.UTC) * 1_000_000);
      next = rules.nextTransition(next.getInstant());
    }
    return least;
  }

  /** One; two where the clock shows this twice, the earlier one first. */
  private List<ZoneOffset> offsets(long wallMicros) {
    if (rules.isFixedOffset()) {
      return List.of(rules.getOffset(Instant.EPOCH));
    }
    LocalDateTime shown = LocalDateTime.ofInstant(instant(wallMicros), ZoneOffset.UTC);
    List<ZoneOffset> valid = rules.getValidOffsets(shown);
    // Where it never shows this, as if it had not been set forward.
    return valid.isEmpty() ? List.of(rules.getTransition(shown).getOffsetBefore()) : valid;
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  private static long micros(ZoneOffset offset) {
    return offset.getTotalSeconds() * 1_000_000L;
  }
}
