package freshet.replicator.config;

import java.util.regex.Pattern;

/** Values as they are to be written into a configuration file. */
public final class YamlText {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.][A-Za-z0-9_./()-]*");
  private static final Pattern WORD_OF_YAML =
      Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

  private YamlText() {}

  /** A text, in quotes where YAML or the environment's references would take it for something. */
  public static String of(String text) {
    if (PLAIN.matcher(text).matches() && !WORD_OF_YAML.matcher(text).matches()) {
      return text;
    }
    return "'" + text.replace("'", "''").replace("${", "$${") + "'";
  }

  /** What a comment can hold: nothing ends its line. */
  public static String oneLine(String text) {
    return text.replaceAll("\\s+", " ");
  }
}
