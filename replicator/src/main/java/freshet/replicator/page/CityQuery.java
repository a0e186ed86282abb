package freshet.replicator.page;

import freshet.replicator.freshness.Age;
import freshet.replicator.http.HttpProblem;
import freshet.replicator.http.HttpRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Which cities to show.
 *
 * @param filter a part of their names, in any case; empty for all
 * @param sort by what
 * @param page which part of them, from 1
 */
record CityQuery(String filter, Sort sort, int page) {
  static final CityQuery FIRST = new CityQuery("", Sort.AGE, 1);
  static final int PAGE_ROWS = 25;
  private static final int MAX_PAGE = 1_000_000;
  private static final int MAX_FILTER = 200;
  private static final Duration UNKNOWN = Duration.ofSeconds(Long.MAX_VALUE);

  /** What comes first. */
  enum Sort {
    /** The oldest. */
    AGE("oldest first"),
    /** The largest. */
    SIZE("largest first"),
    /** By the alphabet. */
    NAME("by name");

    private final String words;

    Sort(String words) {
      this.words = words;
    }

    private Comparator<CityRow> order() {
      Comparator<CityRow> first =
          switch (this) {
            case AGE -> Comparator.comparing(CityQuery::age).reversed();
            case SIZE -> Comparator.comparingLong(CityRow::bytes).reversed();
            case NAME -> Comparator.comparing(CityRow::city);
          };
      return first.thenComparing(CityRow::city);
    }

    String words() {
      return words;
    }

    String parameter() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What fits one page.
   *
   * @param rows of this page
   * @param found on all pages
   * @param page which one it is; the last one where a later one was asked for
   * @param pages how many there are, at least 1
   */
  record Found(List<CityRow> rows, int found, int page, int pages) {
    Found {
      rows = List.copyOf(rows);
    }
  }

  /** What a request asks for. */
  static CityQuery of(HttpRequest request) throws HttpProblem {
    String filter = request.query("city").orElse("");
    String sort = request.query("sort").orElse(Sort.AGE.parameter());
    int page = request.queryInt("page", 1, 1, MAX_PAGE);
    if (filter.length() > MAX_FILTER) {
      throw new HttpProblem(
          400,
          "city= has %d characters".formatted(filter.length()),
          "give a part of a city's name of at most %d".formatted(MAX_FILTER));
    }
    for (Sort each : Sort.values()) {
      if (each.parameter().equals(sort)) {
        return new CityQuery(filter, each, page);
      }
    }
    throw new HttpProblem(400, "sort=" + sort, "give age, size or name");
  }

  /** Applies it. */
  Found of(List<CityRow> cities) {
    String part = filter.toLowerCase(Locale.ROOT);
    List<CityRow> all =
        cities.stream()
            .filter(row -> row.city().toString().toLowerCase(Locale.ROOT).contains(part))
            .sorted(sort.order())
            .toList();
    int pages = Math.max(1, Math.ceilDiv(all.size(), PAGE_ROWS));
    int shown = Math.min(page, pages);
    int from = (shown - 1) * PAGE_ROWS;
    return new Found(
        all.subList(from, Math.min(from + PAGE_ROWS, all.size())), all.size(), shown, pages);
  }

  /** The address of another page of the same. */
  String address(int other) {
    return "?city=%s&sort=%s&page=%d#cities-heading"
        .formatted(URLEncoder.encode(filter, StandardCharsets.UTF_8), sort.parameter(), other);
  }

  private static Duration age(CityRow row) {
    return switch (row.age()) {
      case Age.Known known -> known.atMost();
      case Age.Unknown unknown -> UNKNOWN;
    };
  }
}
