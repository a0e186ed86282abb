package freshet.indexer.demo.fleet;

import freshet.indexer.embedded.Guardian;
import freshet.replicator.runtime.Time;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One master or slave: the process of the latest start, over any number of starts. It runs on this
 * JVM's Java and class path. Thread-safe.
 */
public final class Daemon {
  private static final Duration LONGEST_STOP = Duration.ofSeconds(20);

  private final String name;
  private final String mainClass;
  private final Path config;
  private final Path folder;
  private final URI url;
  private final ProcessLog log;

  private @Nullable Process process;
  private @Nullable Guardian guardian;
  private boolean isWanted;
  private boolean isClosed;

  /**
   * A daemon that is not started yet.
   *
   * @param name such as slave-1
   * @param mainClass of its command line
   * @param config its configuration; the path is in the command line, so it is the daemon's own
   * @param folder where its data is
   * @param url where its configuration lets it listen
   */
  Daemon(String name, String mainClass, Path config, Path folder, URI url, ProcessLog log) {
    this.name = name;
    this.mainClass = mainClass;
    this.config = config;
    this.folder = folder;
    this.url = url;
    this.log = log;
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Where it listens. */
  public URI url() {
    return url;
  }

  /** Where its data is. */
  Path folder() {
    return folder;
  }

  /** Its log. */
  ProcessLog log() {
    return log;
  }

  /** The last lines of its log. */
  public String logTail() {
    return log.tail();
  }

  /** Starts it if it doesn't run; returns before it answers. Does nothing once closed. */
  synchronized void start() throws FleetException {
    if (isClosed || isAlive()) {
      return;
    }
    try {
      log.bound();
      Process started =
          new ProcessBuilder(command())
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(Redirect.appendTo(log.file().toFile()))
              .start();
      process = started;
      isWanted = true;
      release();
      guardian = Guardian.watch(started.toHandle(), config, false);
    } catch (IOException e) {
      throw new FleetException(name + " could not be started: " + e, e);
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Several JVMs share the machine with the database; each needs little.
    command.addAll(List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    String home = System.getProperty("freshet.home");
    if (home != null) {
      command.add("-Dfreshet.home=" + home);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(mainClass, "run", "--config", config.toString()));
    return command;
  }

  /** Whether its process runs. */
  public synchronized boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Its process id; 0 if it was never started. */
  public synchronized long pid() {
    return process == null ? 0 : process.pid();
  }

  /** Says how it ended if it did so by itself; null while all is as it should be. */
  synchronized @Nullable String unexpectedEnd() {
    Process ended = process;
    if (!isWanted || ended == null || ended.isAlive()) {
      return null;
    }
    return "%s ended by itself with exit code %d; its log %s ends with:%n%s"
        .formatted(name, ended.exitValue(), log.file(), log.tail());
  }

  /** Kills it at once (SIGKILL), and returns when it has ended. */
  void kill() {
    end(true);
  }

  /** Asks it to end, kills it if it doesn't, and returns when it has ended. */
  void stop() {
    end(false);
  }

  private void end(boolean atOnce) {
    Process ending;
    synchronized (this) {
      isWanted = false;
      ending = process;
    }
    if (ending == null) {
      return;
    }
    try {
      if (!atOnce) {
        ending.destroy();
        if (ending.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
          return;
        }
      }
      ending.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      ending.destroyForcibly();
      Thread.currentThread().interrupt();
    } finally {
      synchronized (this) {
        if (ending.equals(process)) {
          release();
        }
      }
    }
  }

  private void release() {
    if (guardian != null) {
      guardian.close();
      guardian = null;
    }
  }

  /** Asks it to end and returns at once; it can't be started any more. */
  synchronized void beginClose() {
    isClosed = true;
    isWanted = false;
    if (process != null) {
      process.destroy();
    }
  }

  /** Waits for the end of a closed one, at most until it is due; then kills it. */
  void endClose(Time time, long startNanos) {
    Process ending;
    synchronized (this) {
      ending = process;
    }
    Duration left = LONGEST_STOP.minus(time.since(startNanos));
    try {
      if (ending != null && !ending.waitFor(left.toNanos(), TimeUnit.NANOSECONDS)) {
        ending.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      ending.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      release();
    }
  }
}
