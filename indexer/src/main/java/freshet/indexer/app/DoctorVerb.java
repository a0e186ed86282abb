package freshet.indexer.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.doctor.Comparison;
import freshet.indexer.doctor.Doctor;
import freshet.indexer.doctor.DoctorText;
import freshet.indexer.doctor.Report;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.config.ConfigException;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.SystemTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures connects to the database, and says in words who is at fault. */
@Command(
    name = "doctor",
    description =
        "Connect many times, measure each phase of the handshake, look at servers and at this"
            + " host, and say in words what ails and who is likely at fault.")
final class DoctorVerb extends Verb {
  private static final int MOST_SAMPLES = 10_000;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "20",
      description = "Connects to each server; ${DEFAULT-VALUE} by default.")
  private int samples;

  @ArgGroup private @Nullable Other other;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean isJson;

  /** What the report is for, beside being read. */
  private static final class Other {
    @Option(
        names = "--save",
        paramLabel = "FILE",
        description = "Save the report, to compare with on another day or host.")
    private @Nullable Path save;

    @Option(
        names = "--compare",
        paramLabel = "FILE",
        description = "Name what is different from a report that was saved.")
    private @Nullable Path compare;
  }

  /**
   * What {@code --compare --json} prints.
   *
   * @param report of now
   * @param differences from the one that was saved
   */
  private record Compared(Report report, List<Comparison.Difference> differences) {}

  DoctorVerb() {
    super(IndexerMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform()
      throws ConfigException, CommandException, IOException, InterruptedException {
    if (samples < 1 || samples > MOST_SAMPLES) {
      throw new CommandException(
          ExitCode.USAGE, "--samples is %d: expected 1 to %d".formatted(samples, MOST_SAMPLES));
    }
    Path compare = other == null ? null : other.compare;
    Path save = other == null ? null : other.save;
    // Before anything is measured: a mistake in the arguments should not take a minute to be found.
    Report before = compare == null ? null : saved(compare);
    if (save != null && !Files.isWritable(folderOf(save))) {
      throw new CommandException(
          ExitCode.CONFIG,
          "--save %s can't be written: %s is no folder that this user can write to"
              .formatted(save, folderOf(save)));
    }
    IndexerConfig config = IndexerConfig.read(configFile(), System.getenv());
    Report report =
        new Doctor(config.source(), config.schema(), new SystemTime(), new Random())
            .examine(samples, this::say);
    if (save != null) {
      DurableFiles.write(
          save.toAbsolutePath(), Json.pretty(report).getBytes(StandardCharsets.UTF_8));
      say("saved in " + save);
    }
    List<Comparison.Difference> differences =
        before == null ? List.of() : Comparison.of(before, report);
    if (isJson) {
      print(Json.pretty(before == null ? report : new Compared(report, differences)));
    } else {
      DoctorText.of(report).forEach(this::print);
      if (before != null) {
        DoctorText.of(differences).forEach(this::print);
      }
    }
    return report.findings().isEmpty() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private static Path folderOf(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file : folder;
  }

  private static Report saved(Path file) throws CommandException {
    Report report;
    try {
      report = Json.parse(Files.readString(file), Report.class);
    } catch (JsonProcessingException e) {
      throw unreadable(file, "it is not one: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable(file, e.toString(), e);
    }
    if (report == null) {
      throw unreadable(file, "it holds null", null);
    }
    if (report.format() != Report.FORMAT) {
      throw unreadable(
          file, "its format is %d, expected %d".formatted(report.format(), Report.FORMAT), null);
    }
    return report;
  }

  private static CommandException unreadable(Path file, String why, @Nullable Throwable cause) {
    return new CommandException(
        ExitCode.CONFIG,
        "--compare %s can't be read as a report of doctor --save: %s".formatted(file, why),
        cause);
  }
}
