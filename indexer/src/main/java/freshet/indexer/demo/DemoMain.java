package freshet.indexer.demo;

import freshet.indexer.demo.data.DataFileException;
import freshet.indexer.demo.fleet.Damage;
import freshet.indexer.demo.fleet.FleetException;
import freshet.indexer.embedded.EmbeddedDatabaseException;
import freshet.replicator.command.BuildVersion;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Logging;
import freshet.replicator.config.Durations;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code bin/demo}: the command line, and what the process exits with. */
@Command(
    name = "bin/demo",
    description = {
      "Both roles on an embedded database, with data that keeps changing: a source and a replica,"
          + " one master, some slaves. Without --duration it runs until Ctrl-C; with it, it ends by"
          + " comparing every slave with the database.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every slave serves what the database holds",
      "1:a slave differs from it, or something that had to occur did not",
      "2:the arguments or the data file make no sense",
      "70:something failed, see the message"
    })
public final class DemoMain implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description = "Listings as JSON lines (.jsonl or .jsonl.gz); without it they are made.")
  @Nullable Path data;

  @Option(
      names = "--documents",
      defaultValue = "4000",
      description = "How many listings to make (${DEFAULT-VALUE}).")
  int documents;

  @Option(
      names = "--cities",
      defaultValue = "24",
      description = "How many cities they are in (${DEFAULT-VALUE}).")
  int cities;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      converter = ToDuration.class,
      description = "How long to change the data, such as 60s; then compare and end.")
  @Nullable Duration duration;

  @Option(
      names = "--changes-per-second",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often to change the data (${DEFAULT-VALUE}).")
  double changesPerSecond;

  @Option(
      names = "--slaves",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many slaves to start (${DEFAULT-VALUE}).")
  int slaves;

  @Option(
      names = "--kill-every",
      paramLabel = "TIME",
      converter = ToDuration.class,
      description = "Kill and restart the master or a slave that often, at random.")
  @Nullable Duration killEvery;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Of everything that is drawn at random (${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--sabotage",
      paramLabel = "missing|ghost|field|city",
      split = ",",
      description =
          "Damage a document of one slave before the comparison, which must notice; several, with"
              + " commas between them, damage a document each.")
  List<Damage.Kind> sabotages = List.of();

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description = "Where configurations, logs and indexes go; by default a temporary folder.")
  @Nullable Path work;

  @Option(names = "--keep", description = "Leave that folder behind.")
  boolean isKept;

  @Option(names = "--json", description = "Print the summary as JSON.")
  boolean isJson;

  private DemoMain() {}

  /** Runs a demo and exits with its code. */
  public static void main(String... arguments) {
    Logging.configure();
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    return new CommandLine(new DemoMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }

  /** A duration with its unit. */
  static final class ToDuration implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
      return Durations.parse(text)
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "' is no duration such as 60s or 5m"));
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    DemoOptions options = options();
    Talk talk = Talk.onStandardError();
    Closing closing = new Closing();
    Thread hook = new Thread(closing::close, "demo-ending");
    Runtime.getRuntime().addShutdownHook(hook);
    try (closing) {
      return run(options, talk, closing).code();
    } catch (DataFileException e) {
      talk.say("demo: " + e.getMessage());
      return ExitCode.USAGE.code();
    } catch (FleetException | EmbeddedDatabaseException e) {
      return failed(talk, closing, e.getMessage());
    } catch (IOException | SQLException | IllegalStateException e) {
      return failed(talk, closing, e.toString());
    }
  }

  /** A signal makes everything fail that still goes on: nobody needs to read about that. */
  private static int failed(Talk talk, Closing closing, @Nullable String message) {
    if (!closing.isClosed()) {
      talk.say("demo: failed: " + message);
    }
    return ExitCode.INTERNAL.code();
  }

  private ExitCode run(DemoOptions options, Talk talk, Closing closing)
      throws IOException, SQLException, DataFileException, FleetException, InterruptedException {
    Time time = new SystemTime();
    Summary summary = new Demo(options, folder(talk, closing), time, talk, closing).run();
    PrintWriter out = commandSpec().commandLine().getOut();
    if (isJson) {
      out.println(summary.json());
    } else {
      summary.lines().forEach(out::println);
    }
    out.flush();
    List<Damage> unnoticed = summary.unnoticed();
    if (!unnoticed.isEmpty()) {
      unnoticed.forEach(
          damage -> talk.say("demo: failed: sabotage not noticed: " + damage.describe()));
      return ExitCode.INTERNAL;
    }
    return summary.verdict() == Summary.Verdict.EQUAL ? ExitCode.OK : ExitCode.FINDINGS;
  }

  private Path folder(Talk talk, Closing closing) throws IOException {
    Path named = work;
    if (named != null) {
      Path folder = Files.createDirectories(named).toRealPath();
      try (var files = Files.list(folder)) {
        if (files.findAny().isPresent()) {
          throw new IOException("--work " + folder + " is not empty: a demo starts from nothing");
        }
      }
      return folder;
    }
    Path folder = Files.createTempDirectory("freshet-demo-").toRealPath();
    if (isKept) {
      talk.say("demo: everything is in " + folder);
    } else {
      closing.add(
          () -> {
            // Tens of thousands of files after a long demo: whoever waits should know for what.
            System.err.println("demo: everything has ended; removing " + folder);
            DurableFiles.deleteTree(folder);
          });
    }
    return folder;
  }

  private DemoOptions options() {
    try {
      return new DemoOptions(
          data, documents, cities, duration, changesPerSecond, slaves, killEvery, seed, sabotages);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(commandSpec().commandLine(), e.getMessage(), e);
    }
  }

  private CommandSpec commandSpec() {
    CommandSpec own = spec;
    if (own == null) {
      throw new IllegalStateException("the demo runs through its command line");
    }
    return own;
  }
}
