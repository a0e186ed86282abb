package freshet.indexer.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who holds a lock, by what its file says. It is read, not tried: to try it would stand in the way
 * of who wants it.
 *
 * @param text what the holder wrote of itself
 * @param pid its process
 */
record LockHolder(String text, long pid) {
  private static final Pattern PROCESS = Pattern.compile("process ([0-9]{1,18})");

  /** The holder, if its process lives. */
  static Optional<LockHolder> of(Path lock) throws IOException {
    String text;
    try {
      text = Files.readString(lock).strip();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    Matcher matcher = PROCESS.matcher(text);
    if (!matcher.find()) {
      return Optional.empty();
    }
    long pid = Long.parseLong(matcher.group(1));
    return ProcessHandle.of(pid).map(process -> new LockHolder(text, pid));
  }
}
