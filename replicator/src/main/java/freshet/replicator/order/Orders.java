package freshet.replicator.order;

import freshet.replicator.gate.Approval;
import freshet.replicator.gate.Hold;
import freshet.replicator.gate.HoldFolder;
import freshet.replicator.repository.CollectionReport;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryCollector;
import freshet.replicator.repository.Retention;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Orders that need nothing but the repository. The master obeys them, or anybody else who has the
 * repository's lock while no master runs.
 */
public final class Orders {
  private Orders() {}

  /** What came of an order without a master. */
  public sealed interface Alone {
    /** It was obeyed, or refused. */
    record Answered(Answer answer) implements Alone {}

    /** It takes a master, and why. */
    record NeedsMaster(String why) implements Alone {}
  }

  /** Obeys what can be obeyed where no master runs. */
  public static Alone obeyAlone(LocalRepository repository, Asked asked, Time time)
      throws IOException {
    return switch (asked.order()) {
      case Order.Approve order -> new Alone.Answered(approve(repository, asked, order));
      case Order.Reject order -> new Alone.Answered(reject(repository, asked, order));
      case Order.Collect order ->
          new Alone.Answered(
              collected(
                  new RepositoryCollector(
                          repository, repository.retention().orElse(Retention.DEFAULT), time)
                      .collectAll()));
      case Order.RollBack order ->
          new Alone.NeedsMaster(
              "a rollback is a publication, and a LATEST that somebody else moved would stop the master for good: who it is and what it published last is known in its working folder alone");
      case Order.Keep order -> new Alone.NeedsMaster(NEEDS_INDEXES);
      case Order.Replay order -> new Alone.NeedsMaster(NEEDS_INDEXES);
    };
  }

  private static final String NEEDS_INDEXES =
      "to resume is to publish, or to replace, working indexes, which the master alone may open";

  /** Lets a city pass once. */
  public static Answer approve(LocalRepository repository, Asked asked, Order.Approve order)
      throws IOException {
    Approval approval = new Approval(order.documents(), asked.by(), asked.at(), asked.reason());
    Optional<String> refusal = new HoldFolder(repository).approve(order.city(), approval);
    return answer(
        refusal,
        "city %s is published once it has %s or more"
            .formatted(order.city(), Count.of(order.documents(), "document")),
        order.city());
  }

  /** Keeps a city as it is. */
  public static Answer reject(LocalRepository repository, Asked asked, Order.Reject order)
      throws IOException {
    Optional<String> refusal =
        new HoldFolder(repository)
            .reject(order.city(), new Hold.Rejected(asked.by(), asked.reason()));
    return answer(
        refusal,
        "city %s stays as it is published until it is resumed".formatted(order.city()),
        order.city());
  }

  /** Tells what was collected. */
  public static Answer collected(CollectionReport report) {
    return new Answer(true, "removed " + report.text(), List.of(), null);
  }

  private static Answer answer(Optional<String> refusal, String done, City city) {
    return refusal
        .map(Answer::refused)
        .orElseGet(() -> new Answer(true, done, List.of(city), null));
  }
}
