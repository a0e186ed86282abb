package freshet.replicator.flight;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Recordings, a file each, whose names sort by their time. */
final class RecordingFolder {
  private static final Logger LOG = LoggerFactory.getLogger(RecordingFolder.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int TIME_LENGTH = "20260301T120000.000Z".length();

  private static final Pattern NAME = Pattern.compile("(\\d{8}T\\d{6}\\.\\d{3}Z)-[\\w-]+\\.json");

  private final Path folder;

  RecordingFolder(Path folder) {
    this.folder = folder;
  }

  /** Adds one, and removes the oldest beyond the bounds; the new one always stays. */
  void write(Recording recording, FlightOptions options) throws IOException {
    Failure failure = recording.failure();
    String name =
        "%s-%s-%s.json".formatted(TIME.format(failure.at()), failure.stage(), failure.failure());
    Path newest = folder.resolve(name.replaceAll("[^\\w.-]", "_"));
    DurableFiles.createFolders(folder);
    DurableFiles.write(newest, SnapshotCodec.write(recording));
    thin(newest, options);
  }

  /** Removes what a kill left half-written. */
  void clean() throws IOException {
    DurableFiles.removeTemporary(folder);
  }

  /** Those of a stretch of time that are asked for, the oldest first. */
  List<Recording> read(Instant from, Instant until, Predicate<Recording> isWanted)
      throws IOException {
    String first = TIME.format(from);
    String last = TIME.format(until);
    List<Recording> found = new ArrayList<>();
    for (Path file : files()) {
      String at = time(file);
      if (at.compareTo(first) < 0 || at.compareTo(last) > 0) {
        continue;
      }
      try {
        Recording recording =
            SnapshotCodec.read(Files.readAllBytes(file), Recording.class, file.toString());
        if (isWanted.test(recording)) {
          found.add(recording);
        }
      } catch (NoSuchFileException e) {
        LOG.debug("{} was removed meanwhile", file);
      } catch (FormatException e) {
        LOG.warn("a recording is passed over: {}", e.getMessage());
      }
    }
    return found;
  }

  /** What is named as later than the newest was written before the clock was set back. */
  private void thin(Path newest, FlightOptions options) throws IOException {
    Map<Boolean, List<Path>> others =
        files().stream()
            .filter(file -> !file.equals(newest))
            .collect(Collectors.partitioningBy(file -> time(file).compareTo(time(newest)) > 0));
    Deque<Path> files = new ArrayDeque<>();
    files.addAll(others.getOrDefault(true, List.of()));
    files.addAll(others.getOrDefault(false, List.of()));
    files.add(newest);
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    while (files.size() > 1
        && (files.size() > options.maxRecordings() || bytes > options.maxBytes())) {
      Path oldest = files.removeFirst();
      bytes -= Files.size(oldest);
      Files.deleteIfExists(oldest);
    }
  }

  private static String time(Path file) {
    return String.valueOf(file.getFileName()).substring(0, TIME_LENGTH);
  }

  /** The oldest first. */
  private List<Path> files() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> NAME.matcher(String.valueOf(file.getFileName())).matches())
          .sorted()
          .toList();
    }
  }
}
