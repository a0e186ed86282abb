package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DiskSpace;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at what of some cities' files is in the store. */
final class StoreInventory {
  private static final Logger LOG = LoggerFactory.getLogger(StoreInventory.class);

  private final RepositoryLayout store;
  private final Map<String, Long> lengths = new HashMap<>();
  private final Map<String, Long> partLengths = new HashMap<>();
  private final Map<Digest, String> byDigest = new HashMap<>();

  StoreInventory(RepositoryLayout store) {
    this.store = store;
  }

  /**
   * What is there for these manifests.
   *
   * @param wanted cities of the snapshot to come
   * @param served the same cities, as the store has them now
   * @param packed names and lengths of what the pack holds
   */
  Inventory of(
      Collection<CityManifest> wanted, Collection<CityManifest> served, Map<String, Long> packed)
      throws IOException {
    Set<String> folders = new LinkedHashSet<>();
    Stream.of(wanted, served)
        .flatMap(Collection::stream)
        .forEach(
            city -> folders.add(RepositoryLayout.incarnationName(city.city(), city.incarnation())));
    for (String folder : folders) {
      look(folder);
    }
    for (CityManifest city : served) {
      for (FileEntry file : city.files()) {
        String name = RepositoryLayout.fileName(city.city(), city.incarnation(), file.name());
        Long length = lengths.get(name);
        if (length != null && length == file.length()) {
          byDigest.put(file.sha256(), name);
        }
      }
    }
    lookAtPrefetched();
    return new Inventory(lengths, partLengths, byDigest, packed, DiskSpace.freeBytes(store.root()));
  }

  /** What was fetched ahead has its digest for a name: it was verified before it got it. */
  private void lookAtPrefetched() throws IOException {
    for (Digest digest : Prefetched.in(store)) {
      byDigest.putIfAbsent(digest, RepositoryLayout.prefetchedName(digest));
    }
  }

  /** City manifests are no files of a commit, and a folder has many. */
  private void look(String folderName) throws IOException {
    Path folder = store.resolve(folderName);
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        String name = folderName + "/" + file.getFileName();
        if (name.endsWith(FileFetcher.PART_SUFFIX)) {
          String target = name.substring(0, name.length() - FileFetcher.PART_SUFFIX.length());
          look(file, target, partLengths);
        } else if (!name.endsWith(".json")) {
          look(file, name, lengths);
        }
      }
    }
  }

  private static void look(Path file, String name, Map<String, Long> into) throws IOException {
    try {
      into.put(name, Files.size(file));
    } catch (NoSuchFileException e) {
      LOG.trace("{} was a temporary file of a writer, and is gone again", file);
    }
  }
}
