package freshet.replicator.config;

import org.jspecify.annotations.Nullable;

/**
 * One mistake in a configuration file.
 *
 * @param file as its reader named it
 * @param line from 1 on
 * @param key path of the key, such as {@code source.endpoints[0].port}; empty for the whole file
 * @param value what was found, never a secret; null if the key alone is the mistake
 * @param expected what would be right, and why where that is not plain
 * @param suggestion what was probably meant; null if nothing comes near
 */
public record ConfigProblem(
    String file,
    int line,
    String key,
    @Nullable String value,
    String expected,
    @Nullable String suggestion) {
  private static final int MAX_VALUE_LENGTH = 80;

  /** One line for people: file, line, key, value, what was expected, what was probably meant. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(file).append(':').append(this.line).append(": ");
    if (!key.isEmpty()) {
      line.append(printable(key)).append(": ");
    }
    if (value != null) {
      line.append(printable(value)).append(": ");
    }
    line.append(expected);
    if (suggestion != null) {
      line.append("; did you mean ").append(suggestion).append('?');
    }
    return line.toString();
  }

  private static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(MAX_VALUE_LENGTH)
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return text.codePointCount(0, text.length()) > MAX_VALUE_LENGTH
        ? out.append('…').toString()
        : out.toString();
  }
}
