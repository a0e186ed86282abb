package freshet.indexer.embedded;

import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/** Sends signals that Java has no method for. */
public final class Signals {
  private static final Map<String, Integer> NUMBERS =
      Map.of("HUP", 1, "INT", 2, "KILL", 9, "TERM", 15);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK_EVERY = Duration.ofMillis(1);

  /** States in /proc/PID/stat, see proc(5). */
  private static final String STOPPED_OR_GONE = "TtZX";

  private Signals() {}

  /**
   * Whether processes that we start ignore this signal, of those above: a shell without job control
   * makes what it starts in the background ignore SIGINT, nohup does so with SIGHUP, and both are
   * inherited.
   */
  public static boolean isIgnored(String signal) throws IOException {
    int number = Objects.requireNonNull(NUMBERS.get(signal), signal);
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("SigIgn:")) {
        long mask = Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
        return (mask & (1L << (number - 1))) != 0;
      }
    }
    throw new IOException("/proc/self/status has no line SigIgn");
  }

  /**
   * Sends a signal, for example STOP, CONT, INT. When this returns after STOP no thread of the
   * process runs any more.
   */
  public static void send(String signal, ProcessHandle process)
      throws IOException, InterruptedException {
    int exit =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
            .inheritIO()
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("kill -" + signal + " " + process.pid() + " ended with " + exit);
    }
    if (signal.equals("STOP")) {
      awaitStopped(process);
    }
  }

  /** Each thread stops by itself, once it sees the signal: meanwhile it may answer a query. */
  private static void awaitStopped(ProcessHandle process) throws IOException, InterruptedException {
    Time time = new SystemTime();
    Deadline deadline = Deadline.after(time, PATIENCE);
    while (hasRunning(process)) {
      if (deadline.isPast()) {
        throw new IOException("process %d runs on after SIGSTOP".formatted(process.pid()));
      }
      time.sleep(LOOK_EVERY);
    }
  }

  private static boolean hasRunning(ProcessHandle process) {
    Path tasks = Path.of("/proc", Long.toString(process.pid()), "task");
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
      for (Path thread : threads) {
        String stat = Files.readString(thread.resolve("stat"));
        // The name before it stands in parentheses, and may hold any letter itself.
        char state = stat.charAt(stat.lastIndexOf(')') + 2);
        if (STOPPED_OR_GONE.indexOf(state) < 0) {
          return true;
        }
      }
      return false;
    } catch (IOException | DirectoryIteratorException e) {
      // A thread, or all of it, has ended between two reads: that is seen the next time.
      return process.isAlive();
    }
  }
}
