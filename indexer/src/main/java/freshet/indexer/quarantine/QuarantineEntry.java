package freshet.indexer.quarantine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;

/**
 * What the quarantine knows of a row.
 *
 * @param row as it was read last
 * @param first when it was set aside first, by the master's clock
 * @param last when it was read last, and was no document still
 * @param times how often it was read in all
 * @param state what is waited for
 */
public record QuarantineEntry(SetAside row, Instant first, Instant last, long times, State state) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What becomes of an entry. */
  public enum State {
    /** The row waits to be corrected. */
    WAITING,
    /** The next poll reads the row again. */
    RETRY,
    /** Nobody wants to hear of this row again, unless it has another version or reason. */
    DROPPED
  }

  static QuarantineEntry of(SetAside row, Instant now) {
    return new QuarantineEntry(row, now, now, 1, State.WAITING);
  }

  /** The row was read again and is no document still. */
  QuarantineEntry again(SetAside now, Instant at) {
    if (state != State.DROPPED) {
      return new QuarantineEntry(now, first, at, times + 1, State.WAITING);
    }
    return isSameAs(now) ? this : of(now, at);
  }

  QuarantineEntry with(State next) {
    return new QuarantineEntry(row, first, last, times, next);
  }

  boolean isSameAs(SetAside other) {
    return row.reason().equals(other.reason()) && Objects.equals(row.version(), other.version());
  }

  /** As JSON, in one line. */
  public String json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("key", row.key().hex()).put("id", row.id()).put("table", row.table());
    node.put("version", row.version()).put("reason", row.reason()).put("fix", row.fix());
    node.put("first", first.toString()).put("last", last.toString());
    node.put("times", times).put("state", state.name());
    return node.toString();
  }

  /**
   * The entry of a line.
   *
   * @throws IOException if it is none
   */
  static QuarantineEntry parse(String line) throws IOException {
    try {
      JsonNode node = JSON.readTree(line);
      SetAside row =
          new SetAside(
              DocumentKey.ofHex(text(node, "key")),
              text(node, "id"),
              text(node, "table"),
              node.path("version").isNumber() ? node.path("version").longValue() : null,
              text(node, "reason"),
              text(node, "fix"));
      return new QuarantineEntry(
          row,
          Instant.parse(text(node, "first")),
          Instant.parse(text(node, "last")),
          node.path("times").longValue(),
          State.valueOf(text(node, "state")));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static String text(JsonNode node, String name) throws IOException {
    String text = node.path(name).textValue();
    if (text == null) {
      throw new IOException("a text is expected as " + name);
    }
    return text;
  }
}
