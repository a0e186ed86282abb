package freshet.indexer.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Sends signals that Java has no method for. */
public final class Signals {
  private static final Map<String, Integer> NUMBERS =
      Map.of("HUP", 1, "INT", 2, "KILL", 9, "TERM", 15);

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

  /** Sends a signal, for example STOP, CONT, INT. */
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
  }
}
