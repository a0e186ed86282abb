package freshet.indexer.app;

import freshet.replicator.files.ProcessLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who holds a lock, by what its file says.
 *
 * @param text what the holder wrote of itself
 * @param pid its process
 */
record LockHolder(String text, long pid) {
  private static final Pattern PROCESS = Pattern.compile("process ([0-9]{1,18})");

  /** The holder, if its process lives. */
  static Optional<LockHolder> of(Path lock) throws IOException {
    String text = ProcessLock.lastHolder(lock).orElse("");
    Matcher matcher = PROCESS.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    long pid = Long.parseLong(matcher.group(1));
    return ProcessHandle.of(pid).map(process -> new LockHolder(text, pid));
  }
}
