package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One snapshot with its cities. */
@Command(name = "show", description = "Show a snapshot with all its cities.")
final class SnapshotsShowVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Parameters(paramLabel = "GENERATION", description = "As snapshots list shows it.")
  private String name = "";

  @Option(names = "--json", description = "Print it as JSON.")
  private boolean isJson;

  SnapshotsShowVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, true);
  }

  /** Its manifest, and its cities over all bases. */
  record Shown(SnapshotManifest manifest, List<CityEntry> cities) {
    Shown {
      cities = List.copyOf(cities);
    }
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.open(configFile());
    Generation generation = RepositoryOptions.generation(open, name);
    Snapshot snapshot =
        open.snapshot(generation)
            .orElseThrow(
                () ->
                    new CommandException(
                        ExitCode.TRY_AGAIN, generation + " was collected just now"));
    if (isJson) {
      print(
          SnapshotCodec.writeText(
              new Shown(snapshot.manifest(), List.copyOf(snapshot.cities().values()))));
      return ExitCode.OK;
    }
    SnapshotManifest manifest = snapshot.manifest();
    print(
        "%s created %s over %s, schema %s, Lucene %s, %s, %s, %,d bytes"
            .formatted(
                generation,
                manifest.created(),
                manifest.base() == null ? "no base" : manifest.base(),
                manifest.schema().brief(),
                manifest.lucene(),
                Count.of(snapshot.cities().size(), "city", "cities"),
                Count.of(snapshot.documents(), "document"),
                snapshot.bytes()));
    for (CityEntry entry : snapshot.cities().values()) {
      print(
          "  %s: commit %d of %s, %s, %,d bytes, complete through %s%s"
              .formatted(
                  entry.city(),
                  entry.commit(),
                  entry.incarnation(),
                  Count.of(entry.documents(), "document"),
                  entry.bytes(),
                  entry.readThrough(),
                  entry.behind() == null ? "" : ", behind"));
    }
    return ExitCode.OK;
  }
}
