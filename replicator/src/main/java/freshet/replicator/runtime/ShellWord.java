package freshet.replicator.runtime;

import java.util.regex.Pattern;

/** Texts as a shell reads them for one word, for commands that people copy. */
public final class ShellWord {
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_./+:@=,-]+");

  private ShellWord() {}

  /** In quotes where it needs them. */
  public static String of(String text) {
    return PLAIN.matcher(text).matches() ? text : quoted(text);
  }

  /** In quotes, whatever it holds. */
  public static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
