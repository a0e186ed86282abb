package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.gate.HoldFolder;
import freshet.replicator.lease.Lease;
import freshet.replicator.lease.LeaseFolder;
import freshet.replicator.order.Order;
import freshet.replicator.repository.CollectionReport;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.RepositoryCollector;
import freshet.replicator.repository.Retention;
import freshet.replicator.repository.Why;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Removes what need not stay. */
@Command(
    name = "gc",
    description =
        "Remove the snapshots that retention lets go, and files that nothing names; with --dry-run"
            + " say what would go, and why each of the others stays.")
final class SnapshotsGcVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();
  @Mixin private OrderOptions orders = new OrderOptions();

  SnapshotsGcVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, true);
  }

  /**
   * What would go, and what stays and why.
   *
   * @param collection what would go, and the reasons of what stays
   * @param leases of those who are fetching
   * @param held cities that stay at a commit which LATEST names
   */
  record Preview(CollectionReport collection, List<Lease> leases, List<HeldCity> held) {
    Preview {
      leases = List.copyOf(leases);
      held = List.copyOf(held);
    }
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open =
        orders.isDry() ? repository.open(configFile()) : repository.openToWrite(configFile());
    Time time = new SystemTime();
    Retention retention = open.retention().orElse(Retention.DEFAULT);
    RepositoryCollector onlyLooking = RepositoryCollector.preview(open, retention, time);
    if (orders.isDry()) {
      Preview preview =
          new Preview(
              onlyLooking.collectAll(),
              new LeaseFolder(open.layout()).current(time.now()),
              List.copyOf(new HoldFolder(open).read().values()));
      show(preview);
      return code(preview.collection);
    }
    if (open.isOfMaster()) {
      print(orders.result(open, new Order.Collect(), "", List.of()));
      return code(onlyLooking.collectAll());
    }
    CollectionReport report = collectStore(open, retention, time);
    print(orders.isJson() ? SnapshotCodec.writeText(report) : "removed " + report.text());
    return code(report);
  }

  private static ExitCode code(CollectionReport report) {
    return report.excess() > 0 ? ExitCode.FINDINGS : ExitCode.OK;
  }

  /** Under the lock of pulls, of which none may work on it meanwhile. */
  private static CollectionReport collectStore(
      LocalRepository store, Retention retention, Time time) throws IOException, CommandException {
    String self = "snapshots gc, process " + ProcessHandle.current().pid();
    return switch (ProcessLock.tryTake(store.layout().pullLock(), self)) {
      case ProcessLock.Attempt.Held held ->
          throw new CommandException(
              ExitCode.LOCKED,
              "%s is in use by %s: try again when it is done"
                  .formatted(store.layout().root(), held.holder()));
      case ProcessLock.Attempt.Taken taken -> {
        ProcessLock lock = taken.lock();
        try (lock) {
          yield new RepositoryCollector(store, retention, time).collectAll();
        }
      }
    };
  }

  private void show(Preview preview) {
    if (orders.isJson()) {
      print(SnapshotCodec.writeText(preview));
      return;
    }
    preview.collection.removed().forEach(generation -> print(generation + "  would go"));
    preview.collection.kept().forEach((generation, why) -> print(line(generation, why)));
    for (Lease lease : preview.leases) {
      print(
          "lease: %s is fetching %s; it ends %s unless it gets on"
              .formatted(lease.holder(), lease.generation(), lease.until()));
    }
    for (HeldCity held : preview.held) {
      print(
          "held: %s stays at the commit that LATEST names: %s"
              .formatted(held.city(), held.hold().explain()));
    }
    print("would remove " + preview.collection.text());
  }

  private static String line(Generation generation, Set<Why> why) {
    return "%s  stays: %s"
        .formatted(generation, why.stream().map(Why::text).collect(Collectors.joining("; ")));
  }
}
