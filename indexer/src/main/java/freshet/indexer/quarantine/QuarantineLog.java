package freshet.indexer.quarantine;

import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the file is read: one entry a line, of several of one key the last counts, and a line {@code
 * {"gone":"KEY"}} ends it. A line that was cut short by a crash counts as not written.
 *
 * @param entries by key, in the order in which they came
 * @param endsCleanly whether the last line has its end
 */
record QuarantineLog(Map<DocumentKey, QuarantineEntry> entries, boolean endsCleanly) {
  private static final Logger LOG = LoggerFactory.getLogger(QuarantineLog.class);
  private static final String GONE = "{\"gone\":\"";
  private static final String GONE_END = "\"}";

  static String gone(DocumentKey key) {
    return GONE + key.hex() + GONE_END;
  }

  static QuarantineLog read(Path file) throws IOException {
    Map<DocumentKey, QuarantineEntry> entries = new LinkedHashMap<>();
    String content;
    try {
      content = Files.readString(file);
    } catch (NoSuchFileException e) {
      return new QuarantineLog(entries, true);
    }
    int number = 0;
    for (String line : content.lines().toList()) {
      number++;
      try {
        if (line.startsWith(GONE) && line.endsWith(GONE_END)) {
          entries.remove(
              DocumentKey.ofHex(line.substring(GONE.length(), line.length() - GONE_END.length())));
        } else if (!line.isBlank()) {
          QuarantineEntry entry = QuarantineEntry.parse(line);
          entries.put(entry.row().key(), entry);
        }
      } catch (IOException | IllegalArgumentException e) {
        // Its row is written again when it is read again.
        LOG.warn("{}:{}: skipping a line that is no entry: {}", file, number, e.getMessage());
      }
    }
    return new QuarantineLog(entries, content.isEmpty() || content.endsWith("\n"));
  }
}
