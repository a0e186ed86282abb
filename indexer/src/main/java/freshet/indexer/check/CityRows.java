package freshet.indexer.check;

import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many rows a city has. Names are told apart letter by letter, whatever the column's collation
 * takes for equal.
 *
 * @param name as rows have it; null for those that name none
 * @param rows how many
 */
public record CityRows(@Nullable String name, long rows) {
  /** Beyond these, the small ones are left out. */
  private static final int MOST_CITIES = 10_000;

  /**
   * The SELECT that counts the rows of each city, the largest first.
   *
   * @param column of the cities
   * @param mostRows that are looked at, so that a large table is not read for this
   */
  public static String query(String table, String column, long mostRows) {
    String city = Sql.name(column);
    return "SELECT HEX(CONVERT(%s USING utf8mb4)) AS name, COUNT(*) AS n FROM (SELECT %s FROM %s LIMIT %d) AS some GROUP BY name ORDER BY n DESC LIMIT %d"
        .formatted(city, city, Sql.quoted(table), mostRows, MOST_CITIES);
  }

  /** What such a query yields. */
  public static List<CityRows> read(Conversation server, String query) throws SourceException {
    List<CityRows> cities = new ArrayList<>();
    for (Map<String, String> row : server.rows("counting the rows of each city", Query.of(query))) {
      String hex = row.get("name");
      cities.add(
          new CityRows(
              hex == null ? null : new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8),
              Long.parseLong(row.getOrDefault("n", "0"))));
    }
    return cities;
  }
}
