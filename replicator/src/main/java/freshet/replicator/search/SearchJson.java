package freshet.replicator.search;

import freshet.replicator.schema.GeoPoint;
import freshet.replicator.search.SearchResult.Hit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Results as JSON-like values: maps in a fixed order, lists, strings, numbers, booleans. Instants
 * are ISO texts, points have {@code lat} and {@code lon}, decimal numbers are texts: readers of
 * JSON would take them for floating-point ones.
 */
public final class SearchJson {
  private SearchJson() {}

  /** A result. */
  public static Map<String, Object> of(SearchResult result) {
    Map<String, Object> total = new LinkedHashMap<>();
    total.put("value", result.total().value());
    total.put("relation", result.total().isExact() ? "eq" : "gte");
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("generation", result.generation().toString());
    json.put("took_ms", result.took().toMillis());
    json.put("total", total);
    json.put("partial", result.isPartial());
    json.put("hits", hits(result.hits()));
    return json;
  }

  /** A page of documents. */
  public static Map<String, Object> of(DocumentPage page) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("generation", page.generation().toString());
    json.put("documents", hits(page.documents()));
    String next = page.next();
    if (next != null) {
      json.put("next", next);
    }
    return json;
  }

  /** A failure. */
  public static Map<String, Object> of(SearchException failure) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("error", String.valueOf(failure.getMessage()));
    json.put("fix", failure.fix());
    return json;
  }

  private static List<Map<String, Object>> hits(List<Hit> hits) {
    return hits.stream().map(SearchJson::hit).toList();
  }

  private static Map<String, Object> hit(Hit hit) {
    Map<String, Object> fields = new LinkedHashMap<>();
    hit.fields().forEach((name, value) -> fields.put(name, value(value)));
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("city", hit.city().name());
    json.put("id", hit.id());
    json.put("version", hit.version().toString());
    Float score = hit.score();
    if (score != null) {
      json.put("score", score);
    }
    json.put("fields", fields);
    if (!hit.highlights().isEmpty()) {
      json.put("highlights", hit.highlights());
    }
    return json;
  }

  /** A value of a document. */
  public static Object value(Object value) {
    return switch (value) {
      case Instant instant -> instant.toString();
      case GeoPoint point -> {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lat", point.latitude());
        json.put("lon", point.longitude());
        yield json;
      }
      case List<?> list -> list.stream().map(item -> value((Object) item)).toList();
      case BigDecimal number -> number.toPlainString();
      case Double number when !Double.isFinite(number) -> number.toString();
      default -> value;
    };
  }
}
