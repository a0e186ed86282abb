package freshet.indexer.demo.compare;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.demo.client.JsonClient;
import freshet.indexer.demo.data.DemoField;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a slave serves, page by page in the order of the id. Each page begins at the id
 * that the last one ended with, so that no document is left out when a snapshot is switched in
 * between, or when one id has several documents.
 */
final class SlaveDocuments implements DocumentStream {
  private static final int PAGE = 500;

  private final JsonClient slave;
  private final Deque<ComparedDocument> page = new ArrayDeque<>();
  private final Set<String> seenAtLast = new HashSet<>();
  private long last = Long.MIN_VALUE;
  private boolean isAtEnd;

  SlaveDocuments(JsonClient slave) {
    this.slave = slave;
  }

  @Override
  public @Nullable ComparedDocument next() throws IOException {
    while (page.isEmpty() && !isAtEnd) {
      fetch();
    }
    return page.poll();
  }

  private void fetch() throws IOException {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("q", "*:*");
    parameters.put("filter", "%s:[%d TO %d]".formatted(DemoField.ID, last, Long.MAX_VALUE));
    parameters.put("sort", DemoField.ID + ":asc");
    parameters.put("size", Integer.toString(PAGE));
    JsonNode hits = slave.get("/search", parameters).path("hits");
    int before = page.size();
    for (JsonNode hit : hits) {
      ComparedDocument document = document(hit);
      if (document.id() != last) {
        last = document.id();
        seenAtLast.clear();
      }
      if (seenAtLast.add(document.city())) {
        page.add(document);
      }
    }
    isAtEnd = hits.size() < PAGE || page.size() == before;
  }

  private ComparedDocument document(JsonNode hit) throws IOException {
    try {
      SortedMap<String, String> fields = new TreeMap<>();
      for (DemoField field : DemoField.ALL) {
        JsonNode value = hit.path("fields").path(field.name());
        if (!value.isMissingNode() && !value.isNull()) {
          fields.put(field.name(), text(field.form(), value));
        }
      }
      return new ComparedDocument(
          Long.parseLong(hit.path("id").asText()),
          hit.path("city").asText(),
          micros(Instant.parse(hit.path("version").asText())),
          fields);
    } catch (RuntimeException e) {
      throw new IOException(slave.name() + " served a hit that can't be read: " + hit, e);
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }

  private static String text(DemoField.Form form, JsonNode value) {
    return switch (form) {
      case TEXT, KEYWORD -> value.asText();
      case LONG -> Long.toString(value.asLong());
      case DOUBLE -> Double.toString(value.asDouble());
      case DATE -> Instant.parse(value.asText()).toString();
      case POINT ->
          value.isObject()
              ? value.path("lat").asDouble() + "," + value.path("lon").asDouble()
              : value.asText();
    };
  }

  @Override
  public void close() {}
}
