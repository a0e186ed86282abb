package freshet.indexer.propose;

import freshet.indexer.check.CityRows;
import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.CitySizes;
import freshet.indexer.inspect.ColumnSample;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.source.Finding;
import freshet.replicator.runtime.Count;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** By which column rows are spread over indexes. Pure. */
final class CityRule {
  private static final List<String> NAMES =
      List.of(
          "city",
          "city_id",
          "city_name",
          "town",
          "region",
          "region_id",
          "area",
          "market",
          "market_id",
          "tenant",
          "tenant_id",
          "shop",
          "shop_id",
          "store",
          "store_id",
          "site",
          "site_id",
          "country",
          "country_code",
          "branch",
          "branch_id",
          "org_id");

  /** What a name can be made of. */
  private static final Set<String> TYPES =
      Set.of("char", "varchar", "enum", "tinyint", "smallint", "mediumint", "int", "bigint");

  private static final int MOST_NAMED = 3;

  private CityRule() {}

  /** The column that was asked for, else the one whose name says so. */
  static String column(LiveTable live, Map<String, ColumnSample> samples, @Nullable String asked)
      throws InspectException {
    if (asked != null) {
      return asked;
    }
    Optional<String> named =
        NAMES.stream().filter(name -> TYPES.contains(typeOf(live, name))).findFirst();
    if (named.isPresent()) {
      return named.get();
    }
    List<String> others =
        live.columns().entrySet().stream()
            .filter(column -> isRepetitive(column.getValue(), samples, column.getKey()))
            .map(
                column ->
                    "%s (%d different values)"
                        .formatted(column.getKey(), of(samples, column.getKey()).distinct()))
            .toList();
    throw new InspectException(
        "table %s has no column named like a city, and each city has an index of its own: say which column spreads the rows: --city-column COLUMN%s; without such a column let table.query yield one, as docs/configuration.md shows. It has %s"
            .formatted(
                live.name(),
                others.isEmpty()
                    ? ""
                    : ". In a sample, few values have " + String.join(", ", others),
                String.join(", ", live.columns().keySet())));
  }

  /** That some names are another one, written otherwise, or none. */
  static List<Finding> spellings(CitySizes sizes, String column) {
    Map<String, String> first = new HashMap<>();
    List<String> others = new ArrayList<>();
    for (CityRows city : sizes.largestFirst()) {
      String name = city.name() == null ? "" : city.name();
      String larger = first.putIfAbsent(name.strip().toLowerCase(Locale.ROOT), name);
      if (larger != null && city.name() != null) {
        others.add("'%s' (%s) beside '%s'".formatted(name, Count.of(city.rows(), "row"), larger));
      }
    }
    return others.isEmpty()
        ? List.of()
        : List.of(
            Finding.advice(
                "%,d of the %,d cities differ from another one in case or blanks only; each gets an index of its own"
                    .formatted(others.size(), sizes.largestFirst().size()),
                others.stream().limit(MOST_NAMED).collect(Collectors.joining(", ")),
                "correct %s in those rows, or let table.query yield one spelling"
                    .formatted(column)));
  }

  private static boolean isRepetitive(
      LiveColumn column, Map<String, ColumnSample> samples, String name) {
    return TYPES.contains(column.baseType()) && of(samples, name).isRepetitive();
  }

  private static String typeOf(LiveTable live, String name) {
    LiveColumn column = live.column(name);
    return column == null ? "" : column.baseType();
  }

  private static ColumnSample of(Map<String, ColumnSample> samples, String column) {
    return samples.getOrDefault(column.toLowerCase(Locale.ROOT), ColumnSample.NONE);
  }
}
