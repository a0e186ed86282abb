package freshet.replicator.app;

import freshet.replicator.archive.ArchiveReport;
import freshet.replicator.archive.SnapshotExport;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A snapshot as one file. */
@Command(
    name = "export",
    description = "Write a snapshot into one file, which unfolded is a repository.")
final class ExportVerb extends Verb {
  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Parameters(paramLabel = "FILE.tar.zst", description = "The file to write; it must not exist.")
  private Path file = Path.of("");

  @Option(
      names = "--generation",
      paramLabel = "E-G",
      description = "The snapshot, as snapshots list shows it; the newest by default.")
  private @Nullable String generation;

  @Option(
      names = "--city",
      paramLabel = "GLOB",
      description = "Only cities that match; may be given several times. All by default.")
  private List<String> cities = new ArrayList<>();

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean isJson;

  ExportVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws Exception {
    LocalRepository open = repository.open(configFile());
    String named = generation;
    Generation wanted = named == null ? null : RepositoryOptions.generation(open, named);
    ArchiveReport report;
    Time time = new SystemTime();
    try (ByteScreen screen = ByteScreen.open("export", isQuiet(), this::say, time)) {
      report = new SnapshotExport(open, time).write(wanted, CitySubset.of(cities), file, screen);
    }
    print(
        isJson
            ? SnapshotCodec.writeText(report)
            : "%s of %s is in %s: %s, %s, %s, %,d bytes in %,d"
                .formatted(
                    report.generation(),
                    open.layout().root(),
                    file,
                    Count.of(report.cities(), "city", "cities"),
                    Count.of(report.documents(), "document"),
                    Count.of(report.members(), "file"),
                    report.bytes(),
                    report.archiveBytes()));
    return ExitCode.OK;
  }
}
