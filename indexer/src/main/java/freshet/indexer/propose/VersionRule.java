package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.ColumnSample;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.Unit;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which column grows whenever a row changes. Pure.
 *
 * @param samples by column, in lower case
 * @param zone of the server; null if its clock shows UTC
 */
record VersionRule(Map<String, ColumnSample> samples, @Nullable ZoneId zone) {
  /**
   * The column that grows whenever a row changes.
   *
   * @param column as it will be configured
   * @param why in words
   */
  record Guess(VersionColumn column, String why) {}

  private static final List<String> NAMES =
      List.of(
          "updated_at",
          "updated",
          "modified_at",
          "modified",
          "last_modified",
          "last_updated",
          "changed_at",
          "changed",
          "last_change",
          "date_updated",
          "date_modified",
          "update_time",
          "modify_time",
          "updated_on",
          "modified_on",
          "updated_time",
          "mtime",
          "updatedat",
          "modifiedat",
          "lastmodified",
          "lastupdated",
          "freshet_updated_at");

  /** What a new column is called, if the first name is taken by something that is no version. */
  private static final List<String> NEW_NAMES = List.of("updated_at", "freshet_updated_at");

  private static final double SECONDS = 1e9;
  private static final double MILLIS = 1e12;
  private static final double MICROS = 1e15;

  /** The column that was asked for, else one that the server keeps, else one by name, else new. */
  Guess guess(LiveTable live, @Nullable String asked) throws InspectException {
    if (asked != null) {
      return of(live, asked)
          .orElseThrow(
              () ->
                  new InspectException(
                      "--version-column %s: it is %s; expected is a DATETIME, a TIMESTAMP, or an integer that counts seconds, milliseconds or microseconds since 1970"
                          .formatted(asked, typeOf(live, asked))));
    }
    for (Map.Entry<String, LiveColumn> column : live.columns().entrySet()) {
      if (isKept(column.getValue())) {
        return of(live, column.getKey()).orElseThrow();
      }
    }
    for (String name : NAMES) {
      Optional<Guess> guess = of(live, name);
      if (guess.isPresent()) {
        return guess.get();
      }
    }
    String free =
        NEW_NAMES.stream()
            .filter(name -> live.column(name) == null)
            .findFirst()
            .orElse("freshet_version");
    return new Guess(
        new VersionColumn(free, new VersionColumn.Timestamp(6)),
        "the table has none: the ALTER TABLE that bin/indexer init printed adds it");
  }

  private static String typeOf(LiveTable live, String name) {
    LiveColumn column = live.column(name);
    return column == null ? "missing" : column.type();
  }

  private static boolean isKept(LiveColumn column) {
    return column.declaration().toLowerCase(Locale.ROOT).contains("on update current_timestamp");
  }

  private Optional<Guess> of(LiveTable live, String name) {
    LiveColumn column = live.column(name);
    if (column == null) {
      return Optional.empty();
    }
    String why =
        isKept(column)
            ? "the server sets it at every UPDATE"
            : "by its name; whatever changes a row must set it, since the server does not";
    return type(column, samples.getOrDefault(name.toLowerCase(Locale.ROOT), ColumnSample.NONE))
        .map(type -> new Guess(new VersionColumn(name, type), why));
  }

  private Optional<VersionColumn.Type> type(LiveColumn column, ColumnSample sample) {
    return switch (column.baseType()) {
      case "timestamp" -> Optional.of(new VersionColumn.Timestamp(column.digits()));
      case "datetime" ->
          Optional.of(
              new VersionColumn.DateTime(column.digits(), column.isStamped() ? zone : null));
      case "int", "bigint" -> epoch(sample).map(VersionColumn.Epoch::new);
      default -> Optional.empty();
    };
  }

  /** By the size of the numbers: those of 2001 and later. */
  private static Optional<Unit> epoch(ColumnSample sample) {
    double largest = sample.values().stream().mapToDouble(Double::parseDouble).max().orElse(0);
    if (largest >= MICROS) {
      return Optional.of(Unit.MICROS);
    }
    if (largest >= MILLIS) {
      return Optional.of(Unit.MILLIS);
    }
    return largest >= SECONDS ? Optional.of(Unit.SECONDS) : Optional.empty();
  }
}
