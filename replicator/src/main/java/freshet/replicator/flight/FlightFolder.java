package freshet.replicator.flight;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.incident.Stage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What a node's recorder has written, read while it runs or after it has ended. */
public final class FlightFolder {
  /** What leads to an incident begins before it. */
  private static final Duration BEFORE = Duration.ofMinutes(1);

  private final Path folder;
  private final FailureLog log;
  private final RecordingFolder recordings;

  /** The folder of one node; it may not exist yet. */
  public FlightFolder(Path folder) {
    this.folder = folder;
    this.log = new FailureLog(folder);
    this.recordings = new RecordingFolder(folder.resolve("recordings"));
  }

  /** All failures that are known still, the oldest first. */
  public List<Failure> failures() throws IOException {
    return log.read();
  }

  /**
   * The recordings that belong to an incident: what failed at its stage while it lasted or within
   * the minute before, and the one that was made when it was told.
   *
   * @param cause its name
   */
  public List<Recording> recordings(String cause, Stage stage, Instant since, Instant until)
      throws IOException {
    return recordings.read(
        since.minus(BEFORE),
        until,
        recording -> {
          Failure failure = recording.failure();
          return failure.wasAttempted() ? failure.stage() == stage : failure.where().equals(cause);
        });
  }

  /** Makes the folders, and removes what a kill left half-written. */
  void prepare() throws IOException {
    DurableFiles.createFolders(folder);
    recordings.clean();
  }

  void write(Recording recording, FlightOptions options) throws IOException {
    recordings.write(recording, options);
  }

  void append(Failure failure, FlightOptions options) throws IOException {
    log.append(failure, options.maxLogBytes());
  }
}
