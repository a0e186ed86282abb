package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.ColumnSample;
import freshet.indexer.inspect.InspectException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
