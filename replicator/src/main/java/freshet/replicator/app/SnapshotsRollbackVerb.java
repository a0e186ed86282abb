package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.order.Order;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes what an older snapshot had. */
@Command(
    name = "rollback",
    description =
        "Publish what an older snapshot had, as a new generation, and hold it until it is resumed.")
final class SnapshotsRollbackVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();
  @Mixin private OrderOptions orders = new OrderOptions();

  @Parameters(paramLabel = "GENERATION", description = "As snapshots list shows it.")
  private String name = "";

  @Option(
      names = "--city",
      paramLabel = "CITY",
      description = "Only this city; may be given several times. All by default.")
  private List<String> cities = new ArrayList<>();

  SnapshotsRollbackVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.openToWrite(configFile());
    Generation to = RepositoryOptions.generation(open, name);
    List<City> which = HeldCities.known(open, cities, open.snapshot(to).orElse(null));
    String plan =
        "%s would be published as in %s, and held"
            .formatted(which.isEmpty() ? "all cities" : which, to);
    print(orders.result(open, new Order.RollBack(to, which), plan, which));
    return ExitCode.OK;
  }
}
