package freshet.replicator.publish;

import com.fasterxml.jackson.annotation.JsonInclude;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The epochs of a repository, each a file that one master has created and nobody else can. */
final class Epochs {
  private Epochs() {}

  /**
   * The content of an epoch's file.
   *
   * @param master identity of the master that took it
   * @param takenAt by that master's clock, for people
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Taken(String master, Instant takenAt) {}

  /** The highest epoch that was taken, 0 for none. */
  static long highest(RepositoryLayout layout) throws IOException {
    List<Long> all = list(layout);
    return all.isEmpty() ? 0 : all.stream().mapToLong(Long::longValue).max().getAsLong();
  }

  /** Every epoch that was taken, with the master that took it. */
  static SortedMap<Long, String> owners(RepositoryLayout layout) throws IOException {
    SortedMap<Long, String> owners = new TreeMap<>();
    for (long epoch : list(layout)) {
      Path file = layout.epoch(epoch);
      byte[] bytes = Files.readAllBytes(file);
      owners.put(epoch, SnapshotCodec.read(bytes, Taken.class, file.toString()).master());
    }
    return owners;
  }

  /**
   * Takes an epoch, the given one or the lowest free one above it.
   *
   * @return the epoch, which nobody else holds or will hold
   */
  static long take(RepositoryLayout layout, long wanted, String master, Instant now)
      throws IOException {
    byte[] content = SnapshotCodec.write(new Taken(master, now));
    long epoch = wanted;
    while (true) {
      try {
        DurableFiles.create(layout.epoch(epoch), content);
        return epoch;
      } catch (FileAlreadyExistsException e) {
        // Another master was faster; the next one is above its.
        epoch++;
      }
    }
  }

  /** The generation whose manifest or pack has this file name. */
  static Optional<Generation> generationOf(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.indexOf('.');
    try {
      return Optional.of(Generation.parse(dot < 0 ? name : name.substring(0, dot)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static List<Long> list(RepositoryLayout layout) throws IOException {
    List<Long> epochs = new ArrayList<>();
    String glob = RepositoryLayout.EPOCH_PREFIX + "*";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.control(), glob)) {
      for (Path file : files) {
        String digits =
            String.valueOf(file.getFileName()).substring(RepositoryLayout.EPOCH_PREFIX.length());
        if (digits.matches("[1-9][0-9]{0,17}")) {
          epochs.add(Long.parseLong(digits));
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return epochs;
  }
}
