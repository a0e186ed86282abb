package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.pause.FrozenFolder;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.Pauses;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a slave begin no pull for a while, or serve some cities as they are. */
@Command(
    name = "pause",
    description = {
      "Begin no pull for a while, neither the daemon nor cron; what is here is served.",
      "With --city, pull everything, and serve these cities as they are now."
    })
final class PauseVerb extends Verb {
  @Mixin private PauseOptions options = new PauseOptions();

  @Option(
      names = "--city",
      paramLabel = "CITY",
      description =
          "Only this city stays as it is served; may be given several times. Everything by default.")
  private List<String> names = new ArrayList<>();

  PauseVerb() {
    super(ReplicatorMain.CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    ReplicatorConfig config = ReplicatorConfig.read(configFile(), System.getenv());
    HostGate.writes(config.store().folder());
    RepositoryLayout layout = new RepositoryLayout(config.store().folder());
    Set<City> cities = CityArguments.parse(names);
    check(cities, config.store().pull().cities(), new LocalRepository(layout));
    Instant now = new SystemTime().now();
    forgetEnded(cities, layout, now);
    print(options.pause(layout, List.copyOf(cities), "bin/replicator resume", now));
    return ExitCode.OK;
  }

  /** Refuses a city that this slave does not serve. */
  private static void check(Set<City> cities, CitySubset pulled, LocalRepository store)
      throws IOException, CommandException {
    if (cities.isEmpty()) {
      return;
    }
    Optional<Advertisement> latest = store.latest();
    if (latest.isEmpty()) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          "%s has no snapshot yet, so that no city of it is served: pull one with: bin/replicator pull"
              .formatted(store.layout().root()));
    }
    Set<City> published =
        store.snapshot(latest.get().generation(), latest.get().manifest(), null).cities().keySet();
    for (City city : cities) {
      if (!published.contains(city)) {
        throw CityWords.unknown(city, "the published snapshot", published);
      }
      if (!pulled.includes(city)) {
        throw new CommandException(
            ExitCode.USAGE,
            "city %s is not among those that this slave pulls, which are pull.cities: %s; so it is not served here, and nothing of it can stand still"
                .formatted(city, pulled));
      }
    }
  }

  /** What was served during an earlier pause, which nobody may have looked at since it ended. */
  private static void forgetEnded(Set<City> cities, RepositoryLayout layout, Instant now)
      throws IOException {
    Pauses held = new PauseFolder(layout).read().at(now);
    for (City city : cities) {
      if (!held.cities().containsKey(city)) {
        new FrozenFolder(layout).remove(city);
      }
    }
  }
}
