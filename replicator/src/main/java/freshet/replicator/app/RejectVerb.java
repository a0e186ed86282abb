package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.order.Answer;
import freshet.replicator.order.Order;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.SnapshotCodec;
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

  @Option(names = "--dry-run", description = "Say what would be rejected, and do nothing.")
  private boolean isDry;

  @Option(names = "--json", description = "Print what was done as JSON.")
  private boolean isJson;

  RejectVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.open(configFile());
    HeldCity held = HeldCities.find(open, city);
    Answer answer =
        isDry
            ? new Answer(false, "would be rejected: " + held.city(), List.of(held.city()), null)
            : orders.ask(open, new Order.Reject(held.city()));
    print(isJson ? SnapshotCodec.writeText(answer) : answer.text());
    return ExitCode.OK;
  }
}
