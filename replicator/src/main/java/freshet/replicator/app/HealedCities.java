package freshet.replicator.app;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/**
 * By which {@code snapshots verify} tells the slave that runs on a store whose files it has
 * replaced: whoever has the rotten ones open goes on reading them. One folder's name a line.
 */
final class HealedCities {
  private final Path file;

  HealedCities(LocalRepository store) {
    this.file = store.layout().control().resolve("healed");
  }

  /** Those that the slave has not heard of yet. */
  Set<City> read() throws IOException {
    Set<City> cities = new TreeSet<>();
    try {
      for (String folder : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        cities.add(City.ofFolder(folder));
      }
    } catch (NoSuchFileException e) {
      return Set.of();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " names no cities: remove it, and restart the slave", e);
    }
    return cities;
  }

  /** Adds some. */
  void add(Set<City> more) throws IOException {
    Set<City> cities = new TreeSet<>(read());
    if (cities.addAll(more)) {
      String folders = String.join("\n", cities.stream().map(City::folder).toList());
      DurableFiles.write(file, folders.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The slave has opened them anew. */
  void clear() throws IOException {
    DurableFiles.delete(file);
  }
}
