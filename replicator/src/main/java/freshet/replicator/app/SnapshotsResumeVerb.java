package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.order.Order;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Ends what a rollback or a rejection began. */
@Command(
    name = "resume",
    description = "Publish changes again of cities that were rolled back or rejected.")
final class SnapshotsResumeVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();
  @Mixin private OrderOptions orders = new OrderOptions();

  @Option(names = "--keep", description = "Publish the indexes as the master has them by now.")
  private boolean isKeep;

  @Option(
      names = "--replay",
      description =
          "Build the indexes anew from what is published, and from the changes in the database since"
              + " then.")
  private boolean isReplay;

  @Option(
      names = "--city",
      paramLabel = "CITY",
      description = "Only this city; may be given several times. All by default.")
  private List<String> cities = new ArrayList<>();

  SnapshotsResumeVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    if (isKeep == isReplay) {
      throw new CommandException(
          ExitCode.USAGE,
          "give --keep, to publish the indexes as they are by now, or --replay, to build them anew"
              + " from what is published");
    }
    LocalRepository open = repository.openToWrite(configFile());
    List<City> which = HeldCities.known(open, cities, null);
    String plan = "would be resumed: " + (which.isEmpty() ? "all that people held" : which);
    Order order = isKeep ? new Order.Keep(which) : new Order.Replay(which);
    print(orders.result(open, order, plan, which));
    return ExitCode.OK;
  }
}
