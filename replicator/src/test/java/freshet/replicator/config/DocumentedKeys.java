package freshet.replicator.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys that docs/configuration.md lists under a heading, in the first column of its table. */
public final class DocumentedKeys {
  private static final Pattern KEY = Pattern.compile("`([^`]+)`");

  private DocumentedKeys() {}

  /** The keys below {@code ## heading}. */
  public static SortedSet<String> of(Path docs, String heading) throws IOException {
    SortedSet<String> keys = new TreeSet<>();
    boolean inside = false;
    for (String line : Files.readAllLines(docs)) {
      if (line.startsWith("## ")) {
        inside = line.equals("## " + heading);
      } else if (inside && line.startsWith("| `")) {
        Matcher matcher = KEY.matcher(line.substring(0, line.indexOf(" | ", 2)));
        while (matcher.find()) {
          keys.add(matcher.group(1));
        }
      }
    }
    return keys;
  }
}
