package freshet.indexer.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Sends signals that Java has no method for. */
public final class Signals {
  private static final int SIGINT = 2;

  private Signals() {}

  /**
   * Whether processes that we start ignore SIGINT: a shell without job control makes what it starts
   * in the background ignore it, and that is inherited.
   */
  public static boolean isInterruptIgnored() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("SigIgn:")) {
        long mask = Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16);
        return (mask & (1L << (SIGINT - 1))) != 0;
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
