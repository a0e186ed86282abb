package freshet.indexer.demo.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the daemons answer to /status. Pure. */
final class StatusReader {
  private StatusReader() {}

  static MasterState master(JsonNode status) {
    List<String> cycles = new ArrayList<>();
    for (JsonNode cycle : cycles(status)) {
      cycles.add(line(cycle));
    }
    return new MasterState(
        text(status.path("generation")), cycles, status.path("waitsFor").asText(""));
  }

  /** The last cycles, newest first. */
  static JsonNode cycles(JsonNode status) {
    return status.path("lastCycles");
  }

  private static String line(JsonNode cycle) {
    JsonNode times = cycle.path("times");
    return "%s %s: %d changes, %d deletions, %d cities; poll %d, build %d, publish %d ms"
        .formatted(
            time(cycle.path("started").asText()),
            cycle.path("outcome").path("kind").asText(),
            cycle.path("poll").path("changesRead").asInt(),
            cycle.path("poll").path("deletionsRead").asInt(),
            cycle.path("cities").asInt(),
            millis(times.path("poll")),
            millis(times.path("build")),
            millis(times.path("publish")));
  }

  private static String time(String instant) {
    return instant.length() > 19 ? instant.substring(11, 19) : instant;
  }

  private static long millis(JsonNode duration) {
    Duration value = duration(duration);
    return value == null ? 0 : value.toMillis();
  }

  static SlaveState slave(JsonNode status) {
    JsonNode report = status.path("age");
    Map<String, Duration> stages = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> stage : report.path("stages").properties()) {
      Duration took = duration(stage.getValue());
      if (took != null) {
        stages.put(words(stage.getKey()), took);
      }
    }
    return new SlaveState(
        text(status.path("generation")),
        status.path("documents").asLong(),
        duration(report.path("age").path("atMost")),
        stages,
        instant(report.path("readThrough")),
        status.path("waitsFor").asText(""));
  }

  /** As in "waiting for poll", from waitingForPoll. */
  private static String words(String camelCase) {
    return camelCase.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  private static @Nullable String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : null;
  }

  private static @Nullable Duration duration(JsonNode value) {
    try {
      return value.isTextual() ? Duration.parse(value.textValue()) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable Instant instant(JsonNode value) {
    try {
      return value.isTextual() ? Instant.parse(value.textValue()) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
