package freshet.replicator.gate;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The held cities of a repository: a file for each, named as the city's folder. The master alone
 * writes them, anybody may read.
 *
 * @param repository that the cities are published in
 */
public record HoldFolder(LocalRepository repository) {
  private static final String SUFFIX = ".json";

  /** All cities that are held. */
  public SortedMap<City, HeldCity> read() throws IOException {
    SortedMap<City, HeldCity> held = new TreeMap<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(repository.layout().holds(), "*" + SUFFIX)) {
      for (Path file : files) {
        read(file).ifPresent(one -> held.put(one.city(), one));
      }
    } catch (NoSuchFileException e) {
      return held;
    }
    return held;
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

  private Path file(City city) {
    return repository.layout().holds().resolve(city.folder() + SUFFIX);
  }
}
