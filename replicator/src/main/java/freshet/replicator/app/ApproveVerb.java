package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.gate.Hold;
import freshet.replicator.order.Order;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets a held city pass once. */
@Command(
    name = "approve",
    description =
        "Let a city that the publish gate holds pass once, although it has lost documents.")
final class ApproveVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();
  @Mixin private OrderOptions orders = new OrderOptions();

  @Option(names = "--city", paramLabel = "CITY", required = true, description = "The held city.")
  private String city = "";

  @Option(
      names = "--documents",
      paramLabel = "N",
      description = "The fewest documents that it may have; by default as many as it has by now.")
  private @Nullable Long documents;

  ApproveVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, false);
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.openToWrite(configFile());
    HeldCity held = HeldCities.find(open, city);
    if (!(held.hold() instanceof Hold.Dropped dropped)) {
      throw new CommandException(
          ExitCode.REFUSED,
          "city %s is not held for lost documents, but %s%s"
              .formatted(
                  held.city(),
                  held.hold().explain(),
                  held.hold().isDecided()
                      ? "; end that with: bin/replicator snapshots resume"
                      : "; that ends by itself"));
    }
    long bound = documents == null ? dropped.documents() : documents;
    if (bound < 0 || bound > dropped.documents()) {
      throw new CommandException(
          ExitCode.USAGE,
          "--documents %,d: city %s has %s, so that it would not pass; give 0 to %,d"
              .formatted(
                  bound,
                  held.city(),
                  Count.of(dropped.documents(), "document"),
                  dropped.documents()));
    }
    String plan =
        "city %s passes with %s or more; it has %,d, and %,d were expected"
            .formatted(
                held.city(), Count.of(bound, "document"), dropped.documents(), dropped.expected());
    print(orders.result(open, new Order.Approve(held.city(), bound), plan, List.of(held.city())));
    return ExitCode.OK;
  }
}
