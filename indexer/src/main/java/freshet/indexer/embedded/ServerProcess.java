package freshet.indexer.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process of one server, over its starts and stops, tied to this JVM: a shutdown hook ends it,
 * and a {@link Guardian} does where no hook runs. Only {@link LocalServer} calls it, one call at a
 * time; the hook may come in between at any moment.
 */
final class ServerProcess implements AutoCloseable {
  private static final long LONGEST_STOP_SECONDS = 20;
  private static final long LONGEST_KILL_SECONDS = 10;

  private final Path executable;
  private final ServerFolder folder;
  private final Thread hook;

  /** Guards the fields below; held only for moments, so that the hook never waits long. */
  private final Object state = new Object();

  private @Nullable Process process;
  private @Nullable Guardian guardian;
  private boolean isClosed;

  ServerProcess(Path executable, ServerFolder folder) {
    this.executable = executable;
    this.folder = folder;
    this.hook = new Thread(this::end, "end-of-server-" + folder.path().getFileName());
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Starts the server with the folder's configuration; returns before it answers. */
  void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(executable.toString(), "--defaults-file=" + folder.configuration())
            .directory(folder.path().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.log().toFile()));
    synchronized (state) {
      if (isClosed) {
        throw new IOException("the server is closed");
      }
      Process started = builder.start();
      process = started;
      guardian = Guardian.watch(started.toHandle(), folder.path(), folder.isTemporary());
    }
  }

  /** The process of the latest start. */
  ProcessHandle handle() {
    synchronized (state) {
      if (process == null) {
        throw new IllegalStateException("the server was never started");
      }
      return process.toHandle();
    }
  }

  /** Asks the process to end, kills it if it doesn't, and waits for its end. */
  void stop() {
    end(false);
  }

  /** Kills the process and waits for its end. */
  void kill() {
    end(true);
  }

  private void end(boolean atOnce) {
    Process ending;
    Guardian released;
    synchronized (state) {
      ending = process;
      released = guardian;
      guardian = null;
    }
    if (ending != null) {
      end(ending, atOnce);
    }
    if (released != null) {
      released.close();
    }
  }

  private static void end(Process ending, boolean atOnce) {
    try {
      if (!atOnce) {
        ending.destroy();
        if (ending.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
          return;
        }
      }
      ending.destroyForcibly();
      if (!ending.waitFor(LONGEST_KILL_SECONDS, TimeUnit.SECONDS)) {
        throw new EmbeddedDatabaseException(
            "server process "
                + ending.pid()
                + " still there "
                + LONGEST_KILL_SECONDS
                + " s after kill -9");
      }
    } catch (InterruptedException e) {
      ending.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** The end for good, by {@link #close()} or by the hook, whichever comes first. */
  private void end() {
    synchronized (state) {
      isClosed = true;
    }
    end(folder.isTemporary());
    try {
      folder.close();
    } catch (IOException e) {
      throw new EmbeddedDatabaseException("folder " + folder.path() + " not deleted: " + e, e);
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shutdownHasBegun) {
      // the hook runs or has run; ending twice does no harm
    }
    end();
  }
}
