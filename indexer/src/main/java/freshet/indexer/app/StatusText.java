package freshet.indexer.app;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.merge.MergeLimits;
import freshet.replicator.app.CityWords;
import freshet.replicator.runtime.Count;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Merges and cities of a status, in lines for people. */
final class StatusText {
  private static final int LARGEST = 10;

  private StatusText() {}

  /** What runs and what waits for something else than its turn; nothing if nothing does. */
  static List<String> merges(JsonNode merges) {
    List<String> lines = new ArrayList<>();
    JsonNode running = merges.path("running");
    JsonNode waiting = merges.path("waiting");
    if (running.isEmpty() && waiting.isEmpty()) {
      return lines;
    }
    long rate = merges.path("maxBytesPerSecond").asLong();
    lines.add(
        "merges: %d run, %d wait, %s"
            .formatted(
                running.size(),
                waiting.size(),
                rate == MergeLimits.UNLIMITED
                    ? "without a limit"
                    : "at most %,d bytes a second".formatted(rate)));
    running.forEach(
        merge ->
            lines.add(
                "  %s: %,d bytes, %,d written%s"
                    .formatted(
                        merge.path("index").asText(),
                        merge.path("bytes").asLong(),
                        merge.path("written").asLong(),
                        merge.path("isPaused").asBoolean() ? ", pauses for smaller ones" : "")));
    waiting.forEach(
        merge ->
            lines.add(
                "  %s: %,d bytes, waits: %s"
                    .formatted(
                        merge.path("index").asText(),
                        merge.path("bytes").asLong(),
                        merge.path("reason").asText())));
    return lines;
  }

  /** Why cities are behind: all of them, or ten. */
  static List<String> held(JsonNode held, boolean all) {
    List<String> lines = new ArrayList<>();
    held.properties().stream()
        .limit(all ? Long.MAX_VALUE : LARGEST)
        .forEach(
            city ->
                lines.add(
                    "  %s is behind since %s: %s%s"
                        .formatted(
                            CityWords.name(city.getKey()),
                            city.getValue().path("since").asText(),
                            city.getValue().path("reason").asText(),
                            city.getValue().path("nextTry").isTextual()
                                ? "; tried again at " + city.getValue().path("nextTry").asText()
                                : "")));
    if (lines.size() < held.size()) {
      lines.add("  and %,d more: --cities".formatted(held.size() - lines.size()));
    }
    return lines;
  }

  /** The totals, then the cities, the largest first: all of them, or ten. */
  static List<String> cities(JsonNode statistics, boolean all) {
    List<JsonNode> largestFirst = new ArrayList<>();
    statistics.forEach(largestFirst::add);
    largestFirst.sort(
        Comparator.comparingLong((JsonNode city) -> city.path("bytes").asLong()).reversed());
    List<String> lines = new ArrayList<>();
    if (largestFirst.isEmpty()) {
      return lines;
    }
    lines.add(
        "working indexes: %s, %s, %,d deleted, %s, %,d bytes"
            .formatted(
                Count.of(largestFirst.size(), "city", "cities"),
                Count.of(sum(largestFirst, "documents"), "document"),
                sum(largestFirst, "deleted"),
                Count.of(sum(largestFirst, "segments"), "segment"),
                sum(largestFirst, "bytes")));
    int shown = all ? largestFirst.size() : Math.min(LARGEST, largestFirst.size());
    for (JsonNode city : largestFirst.subList(0, shown)) {
      lines.add(
          "  %s: %s, %,d deleted, %s, %,d bytes, committed at %s"
              .formatted(
                  CityWords.name(city.path("city").asText()),
                  Count.of(city.path("documents").asLong(), "document"),
                  city.path("deleted").asLong(),
                  Count.of(city.path("segments").asLong(), "segment"),
                  city.path("bytes").asLong(),
                  city.path("lastCommit").asText()));
    }
    if (shown < largestFirst.size()) {
      lines.add("  and %,d more: --cities".formatted(largestFirst.size() - shown));
    }
    return lines;
  }

  private static long sum(List<JsonNode> cities, String figure) {
    return cities.stream().mapToLong(city -> city.path(figure).asLong()).sum();
  }
}
