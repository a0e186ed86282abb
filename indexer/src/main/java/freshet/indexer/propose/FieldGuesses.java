package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.ColumnSample;
import freshet.indexer.propose.FieldGuess.Field;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of all columns of a table. Pure. */
final class FieldGuesses {
  private static final List<String> LATITUDES = List.of("latitude", "lat", "geo_lat");
  private static final List<String> LONGITUDES =
      List.of("longitude", "lng", "lon", "long", "geo_lng", "geo_lon");
  private static final Set<String> FRACTIONS = Set.of("decimal", "float", "double");
  private static final List<String> POINTS = List.of("position", "geo", "coordinates");

  private FieldGuesses() {}

  /**
   * One for each column, in the table's order, but for those that are something else already.
   *
   * @param taken columns of key, version, city and the like
   */
  static List<FieldGuess> of(
      LiveTable live, Map<String, ColumnSample> samples, Set<String> taken, @Nullable ZoneId zone) {
    List<FieldGuess> guesses = new ArrayList<>();
    Set<String> left = new HashSet<>(taken);
    Optional<Field> point = point(live, samples, taken);
    point.ifPresent(field -> left.addAll(field.columns().columns()));
    FieldRule rule = new FieldRule(analyzer(live, samples, taken), zone);
    Set<String> names = new HashSet<>();
    live.columns()
        .forEach(
            (name, column) -> {
              if (!left.contains(name)) {
                FieldGuess guess =
                    rule.guess(name, column, samples.getOrDefault(name, ColumnSample.NONE));
                guesses.add(
                    guess instanceof Field field && !names.add(field.spec().name())
                        ? new FieldGuess.LeftOut(
                            name,
                            column.type(),
                            "a field would be named like that of another column, "
                                + field.spec().name())
                        : guess);
              }
            });
    point.ifPresent(guesses::add);
    return guesses;
  }

  /** The language of all texts together: a title alone is too short to tell. */
  private static String analyzer(
      LiveTable live, Map<String, ColumnSample> samples, Set<String> taken) {
    List<String> texts = new ArrayList<>();
    live.columns()
        .forEach(
            (name, column) -> {
              ColumnSample sample = samples.getOrDefault(name, ColumnSample.NONE);
              if (!taken.contains(name)
                  && column.collation() != null
                  && TextRule.kind(name, column, sample) == TextRule.Kind.TEXT) {
                texts.addAll(sample.values());
              }
            });
    return LanguageRule.analyzer(texts);
  }

  private static Optional<Field> point(
      LiveTable live, Map<String, ColumnSample> samples, Set<String> taken) {
    Optional<String> latitude = degrees(live, samples, LATITUDES, 90);
    Optional<String> longitude = degrees(live, samples, LONGITUDES, 180);
    Optional<String> free = POINTS.stream().filter(name -> live.column(name) == null).findFirst();
    if (latitude.isEmpty()
        || longitude.isEmpty()
        || free.isEmpty()
        || taken.contains(latitude.get())
        || taken.contains(longitude.get())) {
      return Optional.empty();
    }
    return Optional.of(
        new Field(
            new FieldSpec(free.get(), FieldType.GEO_POINT, null, false, true, false),
            new FieldColumns(
                free.get(), List.of(latitude.get(), longitude.get()), ListFormat.COMMAS),
            ""));
  }

  private static Optional<String> degrees(
      LiveTable live, Map<String, ColumnSample> samples, List<String> names, double most) {
    return names.stream()
        .filter(
            name -> {
              LiveColumn column = live.column(name);
              return column != null
                  && FRACTIONS.contains(column.baseType())
                  && samples.getOrDefault(name, ColumnSample.NONE).values().stream()
                      .allMatch(value -> Math.abs(Double.parseDouble(value)) <= most);
            })
        .findFirst();
  }
}
