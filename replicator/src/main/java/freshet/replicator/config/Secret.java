package freshet.replicator.config;

import freshet.replicator.runtime.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A password or token that is fetched anew whenever it is used, so that one that was changed on
 * disk or in a vault is taken up without a restart. It never shows itself in text. Safe for use by
 * several threads.
 */
public abstract sealed class Secret {
  static final String MASK = "***";
  private static final int MAX_BYTES = 4096;
  private static final Duration COMMAND_DEADLINE = Duration.ofSeconds(10);

  private Secret() {}

  /** A secret that stands in the configuration itself. */
  public static Secret literal(String value) {
    return new Literal(value);
  }

  /** A secret that is the content of a file, without the line's end. */
  public static Secret ofFile(Path file) {
    return new OfFile(file);
  }

  /** A secret that a shell command prints, without the line's end, within 10 seconds. */
  public static Secret ofCommand(String command) {
    return new OfCommand(command, COMMAND_DEADLINE);
  }

  static Secret ofCommand(String command, Duration deadline) {
    return new OfCommand(command, deadline);
  }

  /**
   * Fetches it.
   *
   * @throws IOException if it can't be had; the message never holds what was read
   */
  public abstract String fetch() throws IOException;

  @Override
  public final String toString() {
    return MASK;
  }

  private static String withoutLineEnd(byte[] bytes, String origin) throws IOException {
    if (bytes.length > MAX_BYTES) {
      throw new IOException(origin + ": more than " + MAX_BYTES + " bytes are no password");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    String secret = text.replaceFirst("\\r?\\n\\z", "");
    if (secret.isEmpty()) {
      throw new IOException(origin + ": it is empty, a password in one line is expected");
    }
    return secret;
  }

  private static final class Literal extends Secret {
    private final String value;

    Literal(String value) {
      this.value = value;
    }

    @Override
    public String fetch() {
      return value;
    }
  }

  private static final class OfFile extends Secret {
    private final Path file;

    OfFile(Path file) {
      this.file = file;
    }

    @Override
    public String fetch() throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        return withoutLineEnd(in.readNBytes(MAX_BYTES + 1), "password file " + file);
      }
    }
  }

  private static final class OfCommand extends Secret {
    private final String command;
    private final Duration deadline;

    OfCommand(String command, Duration deadline) {
      this.command = command;
      this.deadline = deadline;
    }

    @Override
    public String fetch() throws IOException {
      String origin = "password command '" + command + "'";
      Process process =
          new ProcessBuilder("/bin/sh", "-c", command)
              .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        CompletableFuture<byte[]> output = new CompletableFuture<>();
        Workers.thread("password-command", () -> readInto(output, process)).start();
        byte[] bytes = output.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        if (bytes.length <= MAX_BYTES
            && !process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new TimeoutException();
        }
        if (bytes.length <= MAX_BYTES && process.exitValue() != 0) {
          throw new IOException(origin + ": it ended with exit code " + process.exitValue());
        }
        return withoutLineEnd(bytes, origin);
      } catch (TimeoutException e) {
        throw new IOException(
            origin + ": no password within " + Durations.show(deadline) + "; it was ended", e);
      } catch (ExecutionException e) {
        throw new IOException(origin + ": its output can't be read", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(origin + ": interrupted", e);
      } finally {
        // Its children too: a shell's own end leaves a hanging 'vault read' behind.
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    }

    private static void readInto(CompletableFuture<byte[]> output, Process process) {
      try (InputStream in = process.getInputStream()) {
        output.complete(in.readNBytes(MAX_BYTES + 1));
      } catch (IOException e) {
        output.completeExceptionally(e);
      }
    }
  }
}
