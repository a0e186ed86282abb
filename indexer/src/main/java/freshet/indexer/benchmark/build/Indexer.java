package freshet.indexer.benchmark.build;

import freshet.indexer.app.IndexerMain;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs {@code bin/indexer build} and {@code rebuild --all}, as a process of its own or inside this
 * one.
 */
final class Indexer {
  private static final Duration LOOK_EVERY = Duration.ofMillis(2);
  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final List<String> command;
  private final Time time;

  /** By this command line, to which the verb is added. */
  Indexer(List<String> command, Time time) {
    this.command = List.copyOf(command);
    this.time = time;
  }

  /**
   * What a run took.
   *
   * @param published from the start until there was a snapshot
   * @param whole from the start to the end, with the merges after the snapshot
   * @param peakBytes the most memory that the process had at one time; 0 if it was this one
   */
  record Run(Duration published, Duration whole, long peakBytes) {}

  /** {@code build} in a process of its own; its start counts. */
  Run cold(MasterFolder master) throws IOException, InterruptedException, WrongContent {
    return process(master, arguments(master));
  }

  /** {@code rebuild --all} in a process of its own, which is started for a long run. */
  Run large(MasterFolder master) throws IOException, InterruptedException, WrongContent {
    return process(master, List.of("rebuild", "--all", "--config", master.config().toString()));
  }

  private Run process(MasterFolder master, List<String> arguments)
      throws IOException, InterruptedException, WrongContent {
    List<String> line = new ArrayList<>(command);
    line.addAll(arguments);
    Path talk = master.folder().resolve("talk.txt");
    ProcessBuilder builder =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(talk.toFile());
    long start = time.nanoTime();
    Deadline deadline = Deadline.after(time, LONGEST);
    Process process = builder.start();
    Path status = Path.of("/proc/" + process.pid() + "/status");
    Duration published = Duration.ZERO;
    long peak = 0;
    while (!process.waitFor(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
      if (published.isZero() && Files.exists(master.latest())) {
        published = time.since(start);
      }
      peak = Math.max(peak, ProcessFigures.peakBytes(status));
      if (deadline.isPast()) {
        process.destroyForcibly();
        throw new WrongContent(line + " was not done within " + LONGEST);
      }
    }
    Duration whole = time.since(start);
    if (process.exitValue() != 0) {
      throw new WrongContent(
          "%s ended with %d:%n%s".formatted(line, process.exitValue(), Files.readString(talk)));
    }
    return new Run(published.isZero() ? whole : published, whole, peak);
  }

  /** {@code build} inside this process. */
  Run warm(MasterFolder master) throws InterruptedException, WrongContent {
    StringWriter talk = new StringWriter();
    AtomicInteger exit = new AtomicInteger();
    long start = time.nanoTime();
    Thread running =
        Workers.thread(
            "rebuild",
            () ->
                exit.set(
                    IndexerMain.run(
                        new PrintWriter(talk), arguments(master).toArray(String[]::new))));
    running.start();
    Duration published = Duration.ZERO;
    while (!running.join(LOOK_EVERY)) {
      if (published.isZero() && Files.exists(master.latest())) {
        published = time.since(start);
      }
    }
    Duration whole = time.since(start);
    if (exit.get() != 0) {
      throw new WrongContent("build ended with %d: %s".formatted(exit.get(), talk));
    }
    return new Run(published.isZero() ? whole : published, whole, 0);
  }

  private static List<String> arguments(MasterFolder master) {
    return List.of("build", "--quiet", "--config", master.config().toString());
  }
}
