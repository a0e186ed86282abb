package freshet.replicator.app;

import freshet.replicator.archive.ArchiveReport;
import freshet.replicator.archive.SnapshotImport;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A repository of one file. */
@Command(
    name = "import",
    description =
        "Make a repository of what export wrote; nothing of it shows until all is checked.")
final class ImportVerb extends Verb {
  @Parameters(paramLabel = "FILE.tar.zst", description = "What export wrote.")
  private Path file = Path.of("");

  @Option(
      names = "--into",
      paramLabel = "FOLDER",
      required = true,
      description = "A repository or store, or a folder that is to become one.")
  private Path folder = Path.of("");

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean isJson;

  ImportVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws Exception {
    HostGate.writes(folder);
    Time time = new SystemTime();
    LocalRepository into = new LocalRepository(new RepositoryLayout(folder));
    ArchiveReport report;
    try (ByteScreen screen = ByteScreen.open("import", isQuiet(), this::say, time)) {
      report = new SnapshotImport(into, time).read(file, screen);
    }
    print(
        isJson
            ? SnapshotCodec.writeText(report)
            : "%s has %s of repository %s: %s, %s, %,d bytes"
                .formatted(
                    folder,
                    report.generation(),
                    report.repository(),
                    Count.of(report.cities(), "city", "cities"),
                    Count.of(report.documents(), "document"),
                    report.bytes()));
    return ExitCode.OK;
  }
}
