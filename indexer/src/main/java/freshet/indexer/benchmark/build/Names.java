package freshet.indexer.benchmark.build;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** What {@code --only} takes: constants as they are written on the command line and in figures. */
public final class Names {
  private Names() {}

  /** As it is written. */
  public static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads a name. */
  public static <E extends Enum<E>> E read(Class<E> type, String value) {
    for (E one : type.getEnumConstants()) {
      if (text(one).equals(value)) {
        return one;
      }
    }
    throw new CommandLine.TypeConversionException(
        "'%s' is no measurement; there are %s"
            .formatted(
                value,
                Arrays.stream(type.getEnumConstants())
                    .map(Names::text)
                    .collect(Collectors.joining(", "))));
  }
}
