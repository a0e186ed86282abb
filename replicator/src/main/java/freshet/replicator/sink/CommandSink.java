package freshet.replicator.sink;

import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command for each message, which comes as JSON on its standard input; exit code 0 counts as
 * delivered. One that is not done in time is killed with its children. What it says on standard
 * error goes to that of this process.
 */
public final class CommandSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger(CommandSink.class);

  private final Settings settings;

  /**
   * What is configured.
   *
   * @param argv the program and its arguments; no shell is involved
   * @param timeout of one run
   */
  public record Settings(List<String> argv, Duration timeout) {
    /** Copies the list. */
    public Settings {
      argv = List.copyOf(argv);
    }
  }

  /** By this command. */
  public CommandSink(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "command";
  }

  @Override
  public String target() {
    return settings.argv().getFirst();
  }

  @Override
  public void send(Message message) throws SinkException, InterruptedException {
    Process process = start();
    try {
      byte[] json = SnapshotCodec.write(Payload.of(message));
      // A command that does not read would otherwise hold this thread once the pipe is full.
      Workers.thread("alert-command-input", () -> feed(process, json)).start();
      if (!process.waitFor(settings.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
        throw SinkException.failed(
            "%s did not end within %d ms; it is killed"
                .formatted(target(), settings.timeout().toMillis()),
            null);
      }
      if (process.exitValue() != 0) {
        throw SinkException.failed(
            "%s ended with exit code %d, 0 is expected".formatted(target(), process.exitValue()),
            null);
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() throws SinkException {
    try {
      return new ProcessBuilder(settings.argv())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException e) {
      throw SinkException.failed("%s can't be run: %s".formatted(target(), e.getMessage()), e);
    }
  }

  private void feed(Process process, byte[] json) {
    try (OutputStream out = process.getOutputStream()) {
      out.write(json);
    } catch (IOException e) {
      // It may well ignore what it is told; its exit code decides.
      LOG.debug("{} did not read its input: {}", target(), e.toString());
    }
  }
}
