package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.Scrub;
import freshet.replicator.repository.ScrubReport;
import freshet.replicator.repository.ScrubReport.Bad;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads everything again, and heals what is rotten. */
@Command(
    name = "verify",
    description =
        "Read every file of every snapshot again and compare its digest. Exit code 1 if one is bad"
            + " and was not healed.")
final class SnapshotsVerifyVerb extends Verb {
  private static final long MEGABYTE = 1L << 20;

  @Mixin private RepositoryOptions repository = new RepositoryOptions();

  @Option(
      names = "--max-rate",
      paramLabel = "MB",
      defaultValue = "200",
      description = "Megabytes to read in a second at most; ${DEFAULT-VALUE} by default.")
  private int megabytes;

  @Option(
      names = "--heal-from",
      paramLabel = "URL",
      description =
          "Fetch bad files from there, a master, a slave or a folder, in the place of the bad ones.")
  private @Nullable String source;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "Holds the token, where --heal-from asks for one.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca-file",
      paramLabel = "FILE",
      description =
          "Certificates, in PEM form, to trust for --heal-from over https; by default those of the"
              + " JDK.")
  private @Nullable Path authorities;

  @Option(names = "--json", description = "Print the report as JSON.")
  private boolean isJson;

  SnapshotsVerifyVerb() {
    super(ReplicatorMain.REPOSITORY_CONFIG, true);
  }

  /**
   * What was found and done.
   *
   * @param report of the scrub
   * @param healed names of files that are right again
   */
  record Result(ScrubReport report, List<String> healed) {
    Result {
      healed = List.copyOf(healed);
    }

    private boolean isClean() {
      return healed.size() == report.bad().size();
    }
  }

  @Override
  protected ExitCode perform() throws Exception {
    if (megabytes < 1) {
      throw new CommandException(ExitCode.USAGE, "--max-rate: 1 or more is expected");
    }
    LocalRepository open =
        source == null ? repository.open(configFile()) : repository.openToWrite(configFile());
    Time time = new SystemTime();
    Result result;
    // Before hours of reading: what is mistyped is said at once.
    try (RemoteRepository remote = source(time)) {
      Healing healing = remote == null ? null : new Healing(open, remote, time, this::say);
      result = verify(open, healing, time);
    }
    if (isJson) {
      print(SnapshotCodec.writeText(result));
    } else {
      show(result);
    }
    return result.isClean() ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private Result verify(LocalRepository open, @Nullable Healing healing, Time time)
      throws IOException, InterruptedException {
    List<Bad> bad = new ArrayList<>();
    // A file that is bad again after it was healed stands once here, and twice among the bad ones.
    Set<String> healed = new LinkedHashSet<>();
    ScrubReport report;
    boolean namesMore;
    do {
      try (ByteScreen screen = ByteScreen.open("verify", isQuiet(), this::say, time)) {
        report = new Scrub(open, megabytes * MEGABYTE, time).run(screen);
      }
      bad.removeIf(one -> !healed.contains(one.file()));
      bad.addAll(report.bad());
      List<String> justHealed = healing == null ? List.of() : healing.heal(report.bad());
      // What a bad manifest names could not be looked at before.
      namesMore =
          justHealed.stream().anyMatch(name -> name.endsWith(".json") && !healed.contains(name));
      healed.addAll(justHealed);
      if (new DaemonFile(open.layout().root()).read().isPresent()) {
        new HealedCities(open).add(citiesOf(justHealed));
      }
    } while (namesMore);
    return new Result(
        new ScrubReport(report.snapshots(), report.files(), report.bytes(), bad),
        List.copyOf(healed));
  }

  private @Nullable RemoteRepository source(Time time) throws CommandException {
    String from = source;
    if (from == null) {
      return null;
    }
    try {
      return RemoteRepository.open(
          from, RemoteOptions.defaults().with(Remotes.access(tokenFile, authorities)), time);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, "--heal-from: " + e.getMessage(), e);
    }
  }

  private static Set<City> citiesOf(List<String> names) {
    Set<City> cities = new TreeSet<>();
    for (String name : names) {
      String[] parts = name.split("/", 3);
      if (parts[0].equals("cities")) {
        cities.add(City.ofFolder(parts[1]));
      }
    }
    return cities;
  }

  private void show(Result result) {
    ScrubReport report = result.report;
    for (Bad one : report.bad()) {
      print(
          "%s: %s: sha256 %s expected, %s found%s"
              .formatted(
                  one.file(),
                  one.problem(),
                  one.expected() == null ? "unknown" : one.expected(),
                  one.found() == null ? "none" : one.found(),
                  result.healed.contains(one.file()) ? "; healed" : ""));
    }
    print(
        "%s, %s, %,d bytes read: %,d bad, %,d healed"
            .formatted(
                Count.of(report.snapshots(), "snapshot"),
                Count.of(report.files(), "file"),
                report.bytes(),
                report.bad().size(),
                result.healed.size()));
  }
}
