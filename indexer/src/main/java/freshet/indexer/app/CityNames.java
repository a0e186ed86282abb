package freshet.indexer.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.Nearest;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** City names as people type them. */
final class CityNames {
  private CityNames() {}

  /** The city of an argument. */
  static City parse(String name) throws CommandException {
    Optional<String> problem = City.problemWith(name);
    if (problem.isPresent()) {
      throw new CommandException(
          ExitCode.USAGE,
          "%s: no row of that city is indexed; give the name of another one, as bin/indexer city"
                  .formatted(problem.get())
              + " list shows it");
    }
    return new City(name);
  }

  /** That nothing knows a city, and which one was probably meant. */
  static CommandException unknown(City city, String where, Collection<City> known) {
    return new CommandException(
        ExitCode.USAGE,
        "there is no city %s in %s, which has %s%s; see: bin/indexer city list"
            .formatted(
                TextTable.name(city),
                where,
                Count.of(known.size(), "city", "cities"),
                meant(city, known)));
  }

  /** A question for those that were probably meant: all other spellings, else the nearest name. */
  static String meant(City city, Collection<City> known) {
    List<String> names = known.stream().map(City::name).toList();
    List<String> meant = names.stream().filter(city.name()::equalsIgnoreCase).toList();
    if (meant.isEmpty()) {
      meant = Nearest.to(city.name(), names).stream().toList();
    }
    return meant.isEmpty()
        ? ""
        : meant.stream()
            .map(TextTable::name)
            .collect(Collectors.joining(" or ", "; did you mean ", "?"));
  }
}
