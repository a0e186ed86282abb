package freshet.indexer.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the demo says while it runs, on standard error: lines, and on a terminal a view that is
 * drawn again in its place. Used by one thread.
 */
final class Talk {
  private final PrintStream out;
  private final boolean isTerminal;
  private final int width;
  private int drawn;

  Talk(PrintStream out, boolean isTerminal, int width) {
    this.out = out;
    this.isTerminal = isTerminal;
    this.width = width;
  }

  /** Standard error, by what it is. */
  static Talk onStandardError() {
    return new Talk(System.err, isTerminalThere(), width());
  }

  /** Java tells only of standard input and output, and on its newer versions not even that. */
  private static boolean isTerminalThere() {
    String term = System.getenv("TERM");
    if (term == null || term.equals("dumb")) {
      return false;
    }
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static int width() {
    String columns = System.getenv("COLUMNS");
    return columns != null && columns.matches("[1-9][0-9]{1,3}") ? Integer.parseInt(columns) : 100;
  }

  /** Whether a view can be drawn. */
  boolean isTerminal() {
    return isTerminal;
  }

  /** Says a line, below what was drawn. */
  void say(String line) {
    out.println(line);
    out.flush();
    drawn = 0;
  }

  /** Draws a view in the place of the one before. */
  void draw(List<String> lines) {
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\u001b[").append(drawn).append('A');
    }
    // Clears what is below, so that a shorter view leaves nothing of a longer one.
    text.append("\r\u001b[J");
    for (String line : lines) {
      // A line that wraps would take two rows, and the next drawing would begin too low.
      text.append(line.length() > width ? line.substring(0, width - 1) + "…" : line).append('\n');
    }
    out.print(text);
    out.flush();
    drawn = lines.size();
  }
}
