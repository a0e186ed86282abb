package freshet.indexer.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.snapshot.City;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which cities are to be built anew. */
final class CityOptions {
  @Option(
      names = "--city",
      paramLabel = "CITY",
      description = "Build this city anew; may be given several times.")
  private List<String> cities = new ArrayList<>();

  @Option(names = "--all", description = "Build all cities anew.")
  private boolean isAll;

  /** Those that are named; null for all. */
  @Nullable SortedSet<City> asked() throws CommandException {
    if (isAll == !cities.isEmpty()) {
      throw new CommandException(
          ExitCode.USAGE,
          (isAll
                  ? "both --all and --city are given"
                  : "it is not said which cities are to be built anew")
              + ": name them with --city CITY, once for each, or give --all");
    }
    if (isAll) {
      return null;
    }
    SortedSet<City> asked = new TreeSet<>();
    for (String name : cities) {
      Optional<String> problem = City.problemWith(name);
      if (problem.isPresent()) {
        throw new CommandException(ExitCode.USAGE, "--city: " + problem.get());
      }
      asked.add(new City(name));
    }
    return asked;
  }
}
