package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.order.Order;
import freshet.replicator.repository.LocalRepository;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Keeps a held city as it is published. */
@Command(
    name = "reject",
    description =
        "Keep a city that the publish gate holds as it is published, whatever becomes of its"
            + " documents, until it is resumed.")
final class RejectVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();
  @Mixin private OrderOptions orders = new OrderOptions();

  @Option(names = "--city", paramLabel = "CITY", required = true, description = "The held city.")
  private String city = "";

  RejectVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.openToWrite(configFile());
    HeldCity held = HeldCities.find(open, city);
    print(
        orders.result(
            open,
            new Order.Reject(held.city()),
            "would be rejected: " + held.city(),
            List.of(held.city())));
    return ExitCode.OK;
  }
}
