package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds files of a store that have lost what they were verified to have. */
final class RottenFiles {
  private static final Logger LOG = LoggerFactory.getLogger(RottenFiles.class);

  private RottenFiles() {}

  /**
   * Removes those whose digest is not that of their manifest, so that they are fetched into new
   * inodes; whoever has one open keeps the old one. A rotten manifest is found by whoever reads it.
   */
  static void remove(LocalRepository store, Snapshot snapshot, Set<City> cities)
      throws IOException {
    for (City city : cities) {
      CityEntry entry = snapshot.cities().get(city);
      if (entry != null) {
        remove(store, entry);
      }
    }
  }

  private static void remove(LocalRepository store, CityEntry entry) throws IOException {
    try {
      for (FileEntry file : store.cityManifest(entry).files()) {
        String name = RepositoryLayout.fileName(entry.city(), entry.incarnation(), file.name());
        Path path = store.layout().resolve(name);
        if (Files.exists(path) && !Digest.ofFile(path).equals(file.sha256())) {
          LOG.warn("{} has rotted on this disk; it is fetched again", path);
          Files.delete(path);
        }
      }
    } catch (FormatException | NoSuchFileException e) {
      LOG.warn("city {}: its manifest is fetched again: {}", entry.city(), e.getMessage());
    }
  }
}
