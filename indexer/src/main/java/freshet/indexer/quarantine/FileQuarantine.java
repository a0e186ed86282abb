package freshet.indexer.quarantine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of rows that were set aside, one JSON object a line: id, reason, retry, at. A row that is
 * set aside again for the same reason is not written again. The file is on disk when a call
 * returns, and never grows past its bound: what comes then is only logged. Thread-safe.
 */
public final class FileQuarantine implements QuarantineSink {
  private static final Logger LOG = LoggerFactory.getLogger(FileQuarantine.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final long maxBytes;
  private final Time time;
  private final Map<String, String> reasons = new HashMap<>();
  private boolean isFull;
  private boolean isLineCutShort;

  /**
   * Continues a file, or begins it with the first row.
   *
   * @param maxBytes its bound
   * @throws IOException if the file can't be read
   */
  public FileQuarantine(Path file, long maxBytes, Time time) throws IOException {
    this.file = file;
    this.maxBytes = maxBytes;
    this.time = time;
    if (Files.exists(file)) {
      String content = Files.readString(file);
      content.lines().forEach(this::remember);
      isLineCutShort = !content.isEmpty() && !content.endsWith("\n");
    }
  }

  /** A line cut short by a crash is not JSON: its row is written again when it is read again. */
  private void remember(String line) {
    try {
      JsonNode entry = JSON.readTree(line);
      reasons.put(entry.path("id").asText(), entry.path("reason").asText());
    } catch (IOException e) {
      LOG.warn("{}: skipping a line that is no JSON: {}", file, e.getMessage());
    }
  }

  @Override
  public synchronized void setAside(String id, String reason, String retry) {
    if (reason.equals(reasons.get(id))) {
      return;
    }
    LOG.warn("row {} is set aside: {}", id, reason);
    ObjectNode entry = JSON.createObjectNode();
    entry.put("id", id).put("reason", reason).put("retry", retry).put("at", time.now().toString());
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      long length = channel.size();
      String start = isLineCutShort ? "\n" : "";
      byte[] line = (start + entry + "\n").getBytes(StandardCharsets.UTF_8);
      if (length + line.length > maxBytes) {
        reportFull(length);
        return;
      }
      ByteBuffer buffer = ByteBuffer.wrap(line);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(false);
      reasons.put(id, reason);
      isLineCutShort = false;
    } catch (IOException e) {
      // Losing the note must not cost the other rows; the log above has it.
      LOG.error("row {} could not be noted in {}: {}", id, file, e.toString(), e);
    }
  }

  private void reportFull(long length) {
    if (!isFull) {
      isFull = true;
      LOG.error(
          "{} has {} of {} bytes: further rows that are set aside are only logged; correct the rows"
              + " in it and remove it",
          file,
          length,
          maxBytes);
    }
  }
}
