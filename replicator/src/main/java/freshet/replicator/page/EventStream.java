package freshet.replicator.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.runtime.StopSignal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Server-sent events for one reader of the page: each is a JSON object of the sections that have
 * changed since the one before. Nothing is queued: a reader that takes long gets the newest state
 * next. Used by one thread.
 */
final class EventStream implements HttpAnswer.Source {
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Nothing for so many intervals would look like a server that is gone. */
  private static final int MOST_SILENT = 5;

  private final Supplier<Map<String, Html>> sections;
  private final Duration interval;
  private final StopSignal stop;
  private final Runnable atEnd;
  private final Map<String, String> sent = new HashMap<>();
  private boolean isFirst = true;

  /**
   * A stream that has not begun.
   *
   * @param sections of this moment
   * @param interval between looks at them
   * @param stop ends it
   * @param atEnd runs once it has ended, however that came
   */
  EventStream(
      Supplier<Map<String, Html>> sections, Duration interval, StopSignal stop, Runnable atEnd) {
    this.sections = sections;
    this.interval = interval;
    this.stop = stop;
    this.atEnd = atEnd;
  }

  @Override
  public Optional<byte[]> next() throws InterruptedException {
    for (int silent = 0; silent < MOST_SILENT; silent++) {
      if (stop.await(isFirst ? Duration.ZERO : interval)) {
        return Optional.empty();
      }
      isFirst = false;
      Map<String, String> changed = changed();
      if (!changed.isEmpty()) {
        return bytes("data: " + json(changed) + "\n\n");
      }
    }
    return bytes(": nothing has changed\n\n");
  }

  @Override
  public void close() {
    atEnd.run();
  }

  private Map<String, String> changed() {
    Map<String, String> changed = new LinkedHashMap<>();
    sections
        .get()
        .forEach(
            (id, html) -> {
              String markup = html.toString();
              if (!markup.equals(sent.put(id, markup))) {
                changed.put(id, markup);
              }
            });
    return changed;
  }

  private static Optional<byte[]> bytes(String event) {
    return Optional.of(event.getBytes(StandardCharsets.UTF_8));
  }

  private static String json(Map<String, String> changed) {
    try {
      return MAPPER.writeValueAsString(changed);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON for the sections", e);
    }
  }
}
