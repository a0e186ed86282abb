package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.config.Nearest;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** How verbs of both roles write the names of cities, which are data, and may be anything. */
public final class CityWords {
  private CityWords() {}

  /** A city's name in one line: quoted where it would not be seen to be one name. */
  public static String name(City city) {
    return name(city.name());
  }

  /** The same of what a row says. */
  public static String name(String city) {
    boolean isPlain =
        !city.isEmpty()
            && city.equals(city.strip())
            && city.codePoints().noneMatch(Character::isISOControl)
            && !city.startsWith("\"");
    return isPlain ? city : Json.line(city);
  }

  /** That nothing knows a city, and which one was probably meant. */
  public static CommandException unknown(City city, String where, Collection<City> known) {
    return new CommandException(
        ExitCode.USAGE,
        "there is no city %s in %s, which has %s%s"
            .formatted(
                name(city), where, Count.of(known.size(), "city", "cities"), meant(city, known)));
  }

  /** A question for those that were probably meant: all other spellings, else the nearest name. */
  public static String meant(City city, Collection<City> known) {
    List<String> names = known.stream().map(City::name).toList();
    List<String> meant = names.stream().filter(city.name()::equalsIgnoreCase).toList();
    if (meant.isEmpty()) {
      meant = Nearest.to(city.name(), names).stream().toList();
    }
    return meant.isEmpty()
        ? ""
        : meant.stream()
            .map(CityWords::name)
            .collect(Collectors.joining(" or ", "; did you mean ", "?"));
  }
}
