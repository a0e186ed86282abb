package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.order.Answer;
import freshet.replicator.order.Asked;
import freshet.replicator.order.Order;
import freshet.replicator.order.OrderFolder;
import freshet.replicator.order.Orders;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.MasterPresence;
import freshet.replicator.repository.RepositoryLock;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Asks the repository's master for something, and waits for its answer. Where no master runs, what
 * needs none is done at once.
 */
final class OrderOptions {
  private static final Duration LOOK = Duration.ofMillis(50);

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who asks, for the audit log; by default the account of this process.")
  private @Nullable String by;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why, for the audit log and for whoever looks next.")
  private @Nullable String reason;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long to wait for the master; ${DEFAULT-VALUE} by default.")
  private int seconds;

  @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
  private boolean isDry;

  @Option(names = "--json", description = "Print what was done as JSON.")
  private boolean isJson;

  /** Whether nothing is to be done. */
  boolean isDry() {
    return isDry;
  }

  /** Whether the result is for a program. */
  boolean isJson() {
    return isJson;
  }

  /**
   * Asks, unless all is only to be told.
   *
   * @param plan what would be done, in words
   * @param cities that it concerns
   * @return what to print
   * @throws CommandException if the order is refused, or takes a master and none answers in time:
   *     then it stays
   */
  String result(LocalRepository repository, Order order, String plan, List<City> cities)
      throws IOException, CommandException, InterruptedException {
    RepositoryOptions.requireMaster(repository);
    Answer answer = isDry ? new Answer(false, plan, cities, null) : ask(repository, order);
    return isJson ? SnapshotCodec.writeText(answer) : answer.text();
  }

  private Answer ask(LocalRepository repository, Order order)
      throws IOException, CommandException, InterruptedException {
    Time time = new SystemTime();
    OrderFolder orders = new OrderFolder(repository);
    String name = by == null ? System.getProperty("user.name", "unknown") : by;
    Asked asked = orders.ask(order, name, reason, time.now(), new SecureRandom());
    obeyAlone(repository, orders, asked, time);
    Deadline deadline = Deadline.after(time, Duration.ofSeconds(seconds));
    while (true) {
      Optional<Answer> answer = orders.answer(asked);
      if (answer.isPresent()) {
        if (!answer.get().isDone()) {
          throw new CommandException(ExitCode.REFUSED, "not done: " + answer.get().text());
        }
        return answer.get();
      }
      if (deadline.isPast()) {
        throw new CommandException(
            ExitCode.TRY_AGAIN,
            "asked for, and not taken up by a master within %d s. It stays asked for: the next cycle of bin/indexer run or build does it"
                .formatted(seconds));
      }
      time.sleep(LOOK);
    }
  }

  /** Under the lock no master can start meanwhile. */
  private static void obeyAlone(
      LocalRepository repository, OrderFolder orders, Asked asked, Time time)
      throws IOException, CommandException {
    ProcessLock lock = RepositoryLock.take(repository, "bin/replicator", time);
    try (lock) {
      if (MasterPresence.of(repository).isPresent()) {
        return;
      }
      switch (Orders.obeyAlone(repository, asked, time)) {
        case Orders.Alone.Answered alone -> orders.answer(asked, alone.answer(), time.now());
        case Orders.Alone.NeedsMaster needs ->
            throw new CommandException(
                ExitCode.TRY_AGAIN,
                "asked for, and no master runs: %s. It stays asked for: the next cycle of bin/indexer run or build does it"
                    .formatted(needs.why()));
      }
    }
  }
}
