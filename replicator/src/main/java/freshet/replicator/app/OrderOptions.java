package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.order.Answer;
import freshet.replicator.order.Asked;
import freshet.replicator.order.Order;
import freshet.replicator.order.OrderFolder;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Asks the repository's master for something, and waits for its answer. */
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

  /**
   * Asks.
   *
   * @throws CommandException if the master refuses, or does not answer in time: then the order
   *     stays
   */
  Answer ask(LocalRepository repository, Order order)
      throws IOException, CommandException, InterruptedException {
    Time time = new SystemTime();
    OrderFolder orders = new OrderFolder(repository);
    String name = by == null ? System.getProperty("user.name", "unknown") : by;
    Asked asked = orders.ask(order, name, reason, time.now(), new SecureRandom());
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
}
