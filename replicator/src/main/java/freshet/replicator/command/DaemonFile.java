package freshet.replicator.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import freshet.replicator.files.DurableFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The file {@code daemon.json} in a daemon's folder, which tells others how to reach it, since its
 * port may have been chosen by the system. A daemon that was killed leaves it behind: it counts
 * only while its process lives.
 */
public final class DaemonFile {
  private final Path file;

  /**
   * How to reach a daemon.
   *
   * @param pid its process
   * @param url where its server listens
   * @param started when it was, by this host's clock
   */
  public record Daemon(long pid, URI url, Instant started) {}

  /** The file of the daemon whose folder this is. */
  public DaemonFile(Path folder) {
    this.file = folder.resolve("daemon.json");
  }

  /** Says that this process is the daemon. */
  public void write(URI url, Instant now) throws IOException {
    Daemon daemon = new Daemon(ProcessHandle.current().pid(), url, now);
    DurableFiles.write(file, (Json.pretty(daemon) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The daemon, if its process lives. */
  public Optional<Daemon> read() throws IOException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      Daemon daemon = Json.parse(text, Daemon.class);
      return ProcessHandle.of(daemon.pid()).isPresent() ? Optional.of(daemon) : Optional.empty();
    } catch (JsonProcessingException e) {
      throw new IOException(
          file + " does not tell where the daemon is: remove it and start the daemon again", e);
    }
  }

  /** Says that there is no daemon any more. */
  public void delete() throws IOException {
    DurableFiles.delete(file);
  }
}
