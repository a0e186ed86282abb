package freshet.replicator.app;

import freshet.replicator.app.FreshnessCheck.State;
import freshet.replicator.app.FreshnessCheck.Verdict;
import freshet.replicator.command.DaemonAccess;
import freshet.replicator.command.Installation;
import freshet.replicator.command.LinePlugin;
import freshet.replicator.command.Logging;
import freshet.replicator.config.ConfigException;
import freshet.replicator.config.Durations;
import freshet.replicator.config.Secret;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * A plugin for Nagios and what understands its plugins: one line on standard output, whatever
 * happens, exit code 0, 1, 2 or 3, within ten seconds, whatever hangs. It is no {@link
 * freshet.replicator.command.Verb}, whose exit codes mean other things.
 */
@Command(
    name = "check-freshness",
    description = "Judge the age of what is served, as a plugin of Nagios: 0, 1, 2, 3.",
    exitCodeOnInvalidInput = 3)
final class CheckFreshnessVerb implements Callable<Integer>, LinePlugin {
  private static final Duration OWN_LIMIT = Duration.ofSeconds(10);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = {"-w", "--warning"},
      paramLabel = "AGE",
      defaultValue = "2m",
      description = "Above this age it is a warning (${DEFAULT-VALUE}).")
  private String warning = "";

  @Option(
      names = {"-c", "--critical"},
      paramLabel = "AGE",
      defaultValue = "5m",
      description = "Above this age it is critical (${DEFAULT-VALUE}).")
  private String critical = "";

  @Option(names = "--slave", paramLabel = "URL", description = "Ask the slave that listens there.")
  private @Nullable URI slave;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "What the slave at --slave wants to be shown.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--repository",
      paramLabel = "DIR",
      description = "Look at this repository, mirror or store; no daemon is asked.")
  private @Nullable Path repository;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "By default, ask the slave of this configuration (conf/replicator.yaml).")
  private @Nullable Path config;

  /** Nobody would see it on standard error. */
  @Unmatched private List<String> unknown = new ArrayList<>();

  @Override
  public String misuse(String why) {
    return Verdict.of(State.UNKNOWN, why + "; see bin/replicator check-freshness --help").line();
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.warnOnly();
    Verdict verdict;
    try {
      verdict = verdict();
    } catch (RuntimeException e) {
      // Such as a report that lacks what it should have, of another version.
      verdict = Verdict.of(State.UNKNOWN, "%s: can't be judged: %s".formatted(target(), e));
    }
    if (spec != null) {
      spec.commandLine().getOut().println(verdict.line());
      spec.commandLine().getOut().flush();
    }
    return verdict.state().code();
  }

  private Verdict verdict() throws InterruptedException {
    if (!unknown.isEmpty()) {
      return new Verdict(
          State.UNKNOWN, misuse("'%s' is no argument of it".formatted(unknown.getFirst())));
    }
    FreshnessCheck check;
    try {
      check = new FreshnessCheck(age("-w", warning), age("-c", critical));
    } catch (IllegalArgumentException e) {
      return Verdict.of(State.UNKNOWN, String.valueOf(e.getMessage()));
    }
    CompletableFuture<SlaveStatus> status = new CompletableFuture<>();
    // A hung disk or peer may hold that thread for ever; it does not keep the process.
    Workers.thread("check-freshness", () -> look(status)).start();
    try {
      return check.judge(status.get(OWN_LIMIT.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Verdict.of(
          State.CRITICAL,
          "%s did not answer within %s".formatted(target(), Durations.show(OWN_LIMIT)));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      return failed(cause == null ? e : cause);
    }
  }

  private void look(CompletableFuture<SlaveStatus> status) {
    try {
      status.complete(look());
    } catch (Exception e) {
      status.completeExceptionally(e);
    }
  }

  private SlaveStatus look() throws Exception {
    URI url = slave;
    Path folder = repository;
    if (url != null) {
      Path token = tokenFile;
      return SlaveLook.ask(
          url, new DaemonAccess(null, token == null ? null : Secret.ofFile(token)));
    }
    if (folder != null) {
      if (!Files.isDirectory(folder)) {
        throw new IOException("there is no such folder: correct the path, or mount what holds it");
      }
      return SlaveLook.inFolder(folder.toString(), folder, Duration.ZERO, null);
    }
    Path file = config;
    return SlaveLook.of(
        ReplicatorConfig.read(
            file == null ? Installation.file(ReplicatorMain.CONFIG) : file, System.getenv()));
  }

  /** What can't be asked is critical, by the convention; a mistake of whoever asks is unknown. */
  private Verdict failed(Throwable failure) {
    State state =
        switch (failure) {
          case ConfigException wrong -> State.UNKNOWN;
          case IllegalArgumentException wrong -> State.UNKNOWN;
          default -> State.CRITICAL;
        };
    return Verdict.of(state, "%s: %s".formatted(target(), failure.getMessage()));
  }

  private String target() {
    URI url = slave;
    Path folder = repository;
    return url != null ? url.toString() : folder != null ? folder.toString() : "the slave here";
  }

  private static Duration age(String option, String text) {
    return Durations.parse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "%s: a duration is expected, such as 2m or 90s, found '%s'"
                        .formatted(option, text)));
  }
}
