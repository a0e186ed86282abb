package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.Nearest;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.gate.HoldFolder;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Looks up cities that people name, and says what was probably meant. */
final class HeldCities {
  private HeldCities() {}

  /** A city that is held in a master's repository. */
  static HeldCity find(LocalRepository repository, String name)
      throws IOException, CommandException {
    City city = parse(name);
    RepositoryOptions.requireMaster(repository);
    SortedMap<City, HeldCity> held = new HoldFolder(repository).read();
    HeldCity found = held.get(city);
    if (found != null) {
      return found;
    }
    boolean isKnown = RepositoryOptions.latest(repository).city(city).isPresent();
    throw new CommandException(
        ExitCode.USAGE,
        "%s; %s"
            .formatted(
                isKnown
                    ? "city %s is not held".formatted(city)
                    : "there is no city %s%s"
                        .formatted(city, meant(city, held.keySet(), repository)),
                (held.isEmpty() ? "no city is held" : "held are " + held.keySet())
                    + " in "
                    + repository.layout().root()));
  }

  /**
   * Cities that are published or held, or in an older snapshot.
   *
   * @param older null for none
   */
  static List<City> known(LocalRepository repository, List<String> names, @Nullable Snapshot older)
      throws IOException, CommandException {
    Snapshot latest = RepositoryOptions.latest(repository);
    SortedMap<City, HeldCity> held = new HoldFolder(repository).read();
    for (String name : names) {
      City city = parse(name);
      boolean isOlder = older != null && older.city(city).isPresent();
      if (!isOlder && latest.city(city).isEmpty() && !held.containsKey(city)) {
        throw new CommandException(
            ExitCode.USAGE,
            "--city %s: neither published nor held%s"
                .formatted(city, meant(city, held.keySet(), repository)));
      }
    }
    return names.stream().map(City::new).toList();
  }

  private static City parse(String name) throws CommandException {
    Optional<String> problem = City.problemWith(name);
    if (problem.isPresent()) {
      throw new CommandException(ExitCode.USAGE, "--city: " + problem.get());
    }
    return new City(name);
  }

  private static String meant(City city, Collection<City> held, LocalRepository repository)
      throws IOException, CommandException {
    Optional<String> nearest = Nearest.to(city.name(), held.stream().map(City::name).toList());
    if (nearest.isEmpty()) {
      Collection<City> published = RepositoryOptions.latest(repository).cities().keySet();
      nearest = Nearest.to(city.name(), published.stream().map(City::name).toList());
    }
    return nearest.map(one -> "; did you mean " + one + "?").orElse("");
  }
}
