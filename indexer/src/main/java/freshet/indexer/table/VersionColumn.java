package freshet.indexer.table;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The column that grows whenever a row changes.
 *
 * @param name of the column
 * @param type how it holds a point in time
 */
public record VersionColumn(String name, Type type) {
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final long COARSE = 1_000;

  /** How a version column holds a point in time. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = DateTime.class, name = "datetime"),
    @JsonSubTypes.Type(value = Timestamp.class, name = "timestamp"),
    @JsonSubTypes.Type(value = Epoch.class, name = "epoch")
  })
  public sealed interface Type {}

  /**
   * DATETIME.
   *
   * @param digits of the fraction of a second
   * @param zone by whose clock it is stamped; null if nobody said so, which is taken for UTC unless
   *     the server shows otherwise
   */
  public record DateTime(int digits, @Nullable ZoneId zone) implements Type {
    /** Refuses digits that the database does not have. */
    public DateTime {
      checkDigits(digits);
    }

    /** Without a word about its zone. */
    public DateTime(int digits) {
      this(digits, null);
    }
  }

  /**
   * TIMESTAMP.
   *
   * @param digits of the fraction of a second
   */
  public record Timestamp(int digits) implements Type {
    /** Refuses digits that the database does not have. */
    public Timestamp {
      checkDigits(digits);
    }
  }

  /**
   * An integer that counts from 1970 UTC.
   *
   * @param unit what it counts
   */
  public record Epoch(Unit unit) implements Type {}

  /** What an integer version counts. */
  public enum Unit {
    /** Seconds. */
    SECONDS(MICROS_PER_SECOND),
    /** Milliseconds. */
    MILLIS(1_000),
    /** Microseconds. */
    MICROS(1);

    private final long micros;

    Unit(long micros) {
      this.micros = micros;
    }

    /** How many microseconds one is. */
    public long micros() {
      return micros;
    }
  }

  /** The clock by which rows are stamped. */
  public WallClock clock() {
    return type instanceof DateTime(int digits, ZoneId zone) && zone != null
        ? WallClock.of(zone)
        : WallClock.UTC;
  }

  /** An SQL expression for the version of a row that changes now. */
  public String now() {
    return switch (type) {
      // In local time the column is stamped by the session's clock, as by the application.
      case DateTime(int digits, ZoneId zone) ->
          (zone == null || zone.normalized().equals(ZoneOffset.UTC) ? "UTC_TIMESTAMP(" : "NOW(")
              + digits
              + ")";
      case Timestamp(int digits) -> "CURRENT_TIMESTAMP(" + digits + ")";
      case Epoch(Unit unit) ->
          "FLOOR(UNIX_TIMESTAMP(NOW(6)) * " + MICROS_PER_SECOND / unit.micros() + ")";
    };
  }

  /** The distance of two neighbouring versions, in microseconds. */
  public long tickMicros() {
    return switch (type) {
      case DateTime(int digits, ZoneId zone) -> tick(digits);
      case Timestamp(int digits) -> tick(digits);
      case Epoch(Unit unit) -> unit.micros();
    };
  }

  /** Whether two updates within one tick are likely enough to be looked for. */
  @JsonIgnore
  public boolean isCoarse() {
    return tickMicros() > COARSE;
  }

  private static long tick(int digits) {
    long tick = MICROS_PER_SECOND;
    for (int i = 0; i < digits; i++) {
      tick /= 10;
    }
    return tick;
  }

  private static void checkDigits(int digits) {
    if (digits < 0 || digits > 6) {
      throw new IllegalArgumentException(
          digits + " digits of a fraction of a second: expected 0 to 6");
    }
  }
}
