package freshet.indexer.app;

import freshet.replicator.app.CityWords;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.snapshot.City;
import java.util.Collection;
import java.util.Optional;

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
    CommandException found = CityWords.unknown(city, where, known);
    return new CommandException(
        found.exitCode(), found.getMessage() + "; see: bin/indexer city list");
  }
}
