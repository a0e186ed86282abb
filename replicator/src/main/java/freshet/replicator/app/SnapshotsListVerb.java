package freshet.replicator.app;

import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.gate.HoldFolder;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The snapshots of a repository, newest first, and the cities that are held. */
@Command(name = "list", description = "List the snapshots, newest first, and the held cities.")
final class SnapshotsListVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Option(names = "--json", description = "Print them as JSON.")
  private boolean isJson;

  SnapshotsListVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, true);
  }

  /**
   * A snapshot.
   *
   * @param generation its name
   * @param created when, by the master's clock; null if it can't be read
   * @param cities how many
   * @param documents of all cities
   * @param bytes of all cities; snapshots share most of them
   * @param behind cities that are left at an older position
   * @param isLatest whether LATEST names it
   * @param isPinned whether somebody keeps it
   * @param problem why it can't be read; null if it can
   */
  record Line(
      Generation generation,
      @Nullable Instant created,
      int cities,
      long documents,
      long bytes,
      long behind,
      boolean isLatest,
      boolean isPinned,
      @Nullable String problem) {

    private static Line of(Snapshot snapshot, boolean isLatest, boolean isPinned) {
      return new Line(
          snapshot.generation(),
          snapshot.manifest().created(),
          snapshot.cities().size(),
          snapshot.documents(),
          snapshot.bytes(),
          snapshot.cities().values().stream().filter(entry -> entry.behind() != null).count(),
          isLatest,
          isPinned,
          null);
    }

    private String text() {
      if (problem != null) {
        return generation + "  can't be read: " + problem;
      }
      return "%s  %s  %s  %s  %,d bytes%s%s%s"
          .formatted(
              generation,
              created,
              Count.of(cities, "city", "cities"),
              Count.of(documents, "document"),
              bytes,
              behind == 0 ? "" : "  %,d behind".formatted(behind),
              isLatest ? "  LATEST" : "",
              isPinned ? "  pinned" : "");
    }
  }

  /** All of them. */
  record Listing(List<Line> snapshots, List<HeldCity> held) {
    Listing {
      snapshots = List.copyOf(snapshots);
      held = List.copyOf(held);
    }
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.open(configFile());
    Listing listing = new Listing(lines(open), List.copyOf(new HoldFolder(open).read().values()));
    if (isJson) {
      print(SnapshotCodec.writeText(listing));
      return ExitCode.OK;
    }
    listing.snapshots.forEach(line -> print(line.text()));
    listing.held.forEach(
        held ->
            print(
                "held: %s since %s: %s"
                    .formatted(held.city(), held.since(), held.hold().explain())));
    if (!open.isOfMaster() && listing.snapshots.stream().anyMatch(line -> line.behind > 0)) {
      print(
          "%s is a slave's store or a copy: which cities are held and why, this verb says where the master publishes"
              .formatted(open.layout().root()));
    }
    return ExitCode.OK;
  }

  private static List<Line> lines(LocalRepository open) throws Exception {
    // Not what it leads to: that may be damaged, and another snapshot is looked for then.
    Generation latest =
        open.latest()
            .map(Advertisement::generation)
            .orElseThrow(() -> RepositoryOptions.latestIsGone(open));
    Set<Generation> pinned = open.pinned();
    List<Line> lines = new ArrayList<>();
    for (Generation generation : open.generations().descendingSet()) {
      boolean isLatest = generation.equals(latest);
      boolean isPinned = pinned.contains(generation);
      try {
        open.snapshot(generation)
            .ifPresent(snapshot -> lines.add(Line.of(snapshot, isLatest, isPinned)));
      } catch (FormatException e) {
        lines.add(new Line(generation, null, 0, 0, 0, 0, isLatest, isPinned, e.getMessage()));
      } catch (IOException e) {
        // Collected since the folder was read, or a base of it is missing.
        lines.add(new Line(generation, null, 0, 0, 0, 0, isLatest, isPinned, e.toString()));
      }
    }
    return lines;
  }
}
