package freshet.indexer.embedded;

import java.io.IOException;

/** Sends signals that Java has no method for. */
public final class Signals {
  private Signals() {}

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
