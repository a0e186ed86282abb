package freshet.replicator.gate;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The held cities of a repository: a file for each, named as the city's folder. The master alone
 * writes them, anybody may read.
 *
 * @param repository that the cities are published in
 */
public record HoldFolder(LocalRepository repository) {
  private static final Logger LOG = LoggerFactory.getLogger(HoldFolder.class);
  private static final String SUFFIX = ".json";
  private static final String DAMAGED = ".damaged";

  /** All cities that are held; of one whose file is damaged no more is known. */
  public SortedMap<City, HeldCity> read() throws IOException {
    SortedMap<City, HeldCity> held = new TreeMap<>();
    for (Path file : list()) {
      try {
        read(file).ifPresent(one -> held.put(one.city(), one));
      } catch (FormatException e) {
        damaged(file, e).ifPresent(one -> held.put(one.city(), one));
      }
    }
    return held;
  }

  /**
   * Puts damaged files aside, and writes down in their place that these cities stay held: a hold
   * that nobody can read must not fail every cycle, nor end by that.
   */
  void mend() throws IOException {
    for (Path file : list()) {
      try {
        Optional<HeldCity> unused = read(file);
      } catch (FormatException e) {
        Optional<HeldCity> one = damaged(file, e);
        Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
        LOG.warn(
            "{}; it is put aside as {}{}",
            e.getMessage(),
            aside.getFileName(),
            one.isEmpty()
                ? ": no city has such a file"
                : ", and the city stays held: look with bin/replicator snapshots list, end it with bin/replicator snapshots resume --keep");
        DurableFiles.rename(file, aside);
        if (one.isPresent()) {
          write(one.get());
        }
      }
    }
  }

  /**
   * Gives a city that has lost documents leave to be published once. The caller has the repository
   * to itself, or is its master.
   *
   * @return why that is not possible; empty if it was given
   */
  public Optional<String> approve(City city, Approval approval) throws IOException {
    HeldCity before = read().get(city);
    if (before == null || !(before.hold() instanceof Hold.Dropped dropped)) {
      return Optional.of(
          "city %s is not held for lost documents%s"
              .formatted(city, before == null ? "" : ": " + before.hold().explain()));
    }
    write(
        HeldCity.of(
            city,
            before.since(),
            new Hold.Dropped(dropped.documents(), dropped.expected(), approval)));
    return Optional.empty();
  }

  /**
   * Keeps a held city as it is published until it is resumed. The caller has the repository to
   * itself, or is its master.
   *
   * @return why that is not possible; empty if it stays
   */
  public Optional<String> reject(City city, Hold.Rejected why) throws IOException {
    HeldCity before = read().get(city);
    if (before == null) {
      return Optional.of("city %s is not held".formatted(city));
    }
    write(HeldCity.of(city, before.since(), why));
    return Optional.empty();
  }

  /** Holds a city, durably. */
  void write(HeldCity held) throws IOException {
    DurableFiles.createFolders(repository.layout().holds());
    DurableFiles.write(file(held.city()), SnapshotCodec.write(held));
  }

  /** Ends a hold, durably. */
  void remove(City city) throws IOException {
    DurableFiles.delete(file(city));
  }

  /** Empty if it ended while the folder was being read. */
  private static Optional<HeldCity> read(Path file) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return Optional.of(SnapshotCodec.read(bytes, HeldCity.class, file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** What is known of a hold by its file's name and age; empty if no city has such a name. */
  private static Optional<HeldCity> damaged(Path file, FormatException e) throws IOException {
    String name = String.valueOf(file.getFileName());
    try {
      City city = City.ofFolder(name.substring(0, name.length() - SUFFIX.length()));
      Instant since = Files.getLastModifiedTime(file).toInstant();
      return Optional.of(
          HeldCity.of(city, since, new Hold.Damaged(String.valueOf(e.getMessage()))));
    } catch (IllegalArgumentException noCity) {
      LOG.debug("{} is named as no city", file, noCity);
      return Optional.empty();
    }
  }

  private List<Path> list() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(repository.layout().holds(), "*" + SUFFIX)) {
      all.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }

  private Path file(City city) {
    return repository.layout().holds().resolve(city.folder() + SUFFIX);
  }
}
