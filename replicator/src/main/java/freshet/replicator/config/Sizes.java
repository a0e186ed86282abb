package freshet.replicator.config;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as text: a whole number and its unit, {@code 512B 64KB 16MB 1GB 2TB}, by powers of 1024.
 */
public final class Sizes {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,6})(B|KB|MB|GB|TB)");
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB"};

  private Sizes() {}

  /** The bytes of a text; empty if it is no size. */
  public static OptionalLong parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    long bytes = Long.parseLong(matcher.group(1));
    for (String unit : UNITS) {
      if (unit.equals(matcher.group(2))) {
        break;
      }
      bytes *= 1024;
    }
    return OptionalLong.of(bytes);
  }

  /** The shortest text of a size that is exact. */
  public static String show(long bytes) {
    long number = bytes;
    int unit = 0;
    while (number != 0 && number % 1024 == 0 && unit < UNITS.length - 1) {
      number /= 1024;
      unit++;
    }
    return number + UNITS[unit];
  }
}
