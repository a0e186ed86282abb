package freshet.indexer.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * A shell that ends a process if this JVM dies without running its shutdown hooks. It reads from a
 * pipe that only this JVM holds: a line means "let go", the end of the pipe means that the JVM is
 * gone. Before it kills, it checks that the process id still belongs to a process that has our
 * folder, or file, in its command line.
 */
public final class Guardian implements AutoCloseable {
  /** The waiting is for the folder only: a dying server would put files back into it. */
  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      read -r released && exit 0
      if grep -q -F -e "$2" "/proc/$1/cmdline"; then
        kill -KILL "$1"
        for round in 1 2 3 4 5 6 7 8 9 10; do
          kill -0 "$1" || break
          sleep 0.2
        done
      fi
      [ "$3" = keep ] || rm -rf "$2"
      """;

  private final Process shell;

  private Guardian(Process shell) {
    this.shell = shell;
  }

  /**
   * Watches over a process until closed.
   *
   * @param folder a path of its own that occurs in its command line
   * @param deletesFolder whether the folder goes with the process
   */
  public static Guardian watch(ProcessHandle process, Path folder, boolean deletesFolder)
      throws IOException {
    return new Guardian(
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                SCRIPT,
                "freshet-guardian",
                Long.toString(process.pid()),
                folder.toString(),
                deletesFolder ? "delete" : "keep")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  @Override
  public void close() {
    try (OutputStream pipe = shell.getOutputStream()) {
      pipe.write('\n');
      pipe.flush();
    } catch (IOException alreadyGone) {
      // somebody killed the shell: there is nothing left to let go
    }
  }
}
