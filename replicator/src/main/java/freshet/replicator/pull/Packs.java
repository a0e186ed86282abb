package freshet.replicator.pull;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The packs that a pull takes files from. A pack saves requests and proves nothing: of each file
 * the digest counts that a manifest gives. One that holds anything else, or can't be read, is told
 * of, is not kept in the store, and fails no pull: what it should have had is fetched by itself.
 */
final class Packs {
  private static final Logger LOG = LoggerFactory.getLogger(Packs.class);

  private final Traffic traffic;
  private final RepositoryLayout store;
  private final int parallelFiles;
  private final PackHealth health;

  /** By generation, newest first. */
  private final Map<Generation, PackEntry> packs = new LinkedHashMap<>();

  /** Names and lengths of what is in those that were read. */
  private final Map<Generation, Map<String, Long>> contents = new HashMap<>();

  private final Set<Generation> distrusted = new HashSet<>();

  /**
   * Those of these generations.
   *
   * @param parallelFiles that are written at one time
   * @param generations newest first
   */
  Packs(
      Traffic traffic,
      RepositoryLayout store,
      int parallelFiles,
      PackHealth health,
      Collection<SnapshotManifest> generations) {
    this.traffic = traffic;
    this.store = store;
    this.parallelFiles = parallelFiles;
    this.health = health;
    for (SnapshotManifest manifest : generations) {
      PackEntry pack = manifest.pack();
      if (pack != null) {
        packs.put(manifest.generation(), pack);
      }
    }
  }

  /** Fetches the pack of a generation, unless it is here, or known to be no good. */
  void fetch(Generation generation, PackEntry pack) throws IOException, PullException {
    if (Files.exists(fileOf(generation)) || health.isDistrusted(pack.sha256())) {
      return;
    }
    String name = RepositoryLayout.packName(generation);
    try {
      // Its name need not be durable: nobody needs a pack.
      new FileFetcher(traffic, store).fetch(name, pack.length(), pack.sha256());
    } catch (RemoteException.NotFound e) {
      // A slave that skipped generations serves no pack of them; its files are there one by one.
      LOG.debug("{} is not there", name, e);
    }
  }

  /**
   * Names and lengths of what those have that are here, also those that an earlier pull has left.
   *
   * @param wanted that say how long files are
   */
  Map<String, Long> contents(Collection<CityManifest> wanted) throws IOException, PullException {
    Map<String, Long> all = new HashMap<>();
    for (Generation pack : here()) {
      if (!contents.containsKey(pack)) {
        read(pack, (name, length, content) -> {});
      }
      Map<String, Long> of = contents.getOrDefault(pack, Map.of());
      of.forEach(all::putIfAbsent);
      wanted.forEach(city -> compare(pack, of, city));
    }
    return all;
  }

  private void compare(Generation pack, Map<String, Long> of, CityManifest city) {
    for (FileEntry file : city.files()) {
      String name = RepositoryLayout.fileName(city.city(), city.incarnation(), file.name());
      Long length = of.get(name);
      if (length != null && length != file.length()) {
        distrust(pack, "%s has %d bytes there, not %d".formatted(name, length, file.length()));
      }
    }
  }

  /**
   * Gives files that packs have their place. Their content is durable then; their folders, which
   * exist, are synced by whoever moves LATEST.
   *
   * @return those that none has as it should be
   */
  Collection<SmallFiles.Wanted> unpack(Collection<SmallFiles.Wanted> files)
      throws IOException, PullException {
    Map<String, SmallFiles.Wanted> left = new LinkedHashMap<>();
    files.forEach(file -> left.put(file.name(), file));
    List<Path> unpacked = new ArrayList<>();
    for (Generation pack : here()) {
      if (!left.isEmpty()) {
        read(pack, (name, length, content) -> take(pack, left, name, length, content, unpacked));
      }
    }
    // Beside each other, so that the disk writes several at once.
    BoundedWork.forEach(
        unpacked,
        parallelFiles,
        traffic,
        target -> {
          Path part = FileFetcher.partOf(target);
          DurableFiles.syncFile(part);
          FileFetcher.finish(part, target);
        });
    return left.values();
  }

  private void take(
      Generation pack,
      Map<String, SmallFiles.Wanted> left,
      String name,
      long length,
      InputStream content,
      List<Path> unpacked)
      throws IOException, PullException {
    SmallFiles.Wanted file = left.get(name);
    if (file == null) {
      return;
    }
    traffic.failIfHalted();
    byte[] bytes = file.mayHave(length) ? content.readNBytes(Math.toIntExact(length)) : null;
    if (bytes != null && file.is(bytes)) {
      Path target = store.resolve(name);
      Files.write(FileFetcher.partOf(target), bytes);
      unpacked.add(target);
      left.remove(name);
    } else {
      distrust(pack, name + " is another there than its manifest says");
    }
  }

  /** To be called at the end: nobody else shall get one that was not as it should be. */
  void close() throws IOException {
    for (Generation pack : distrusted) {
      Files.deleteIfExists(fileOf(pack));
    }
    if (distrusted.isEmpty() && !contents.isEmpty()) {
      health.sound();
    }
  }

  private void read(Generation pack, PackReader.Sink sink) throws IOException, PullException {
    Map<String, Long> found = new HashMap<>();
    try {
      Optional<String> odd =
          new PackReader(fileOf(pack))
              .read(
                  (name, length, content) -> {
                    found.put(name, length);
                    sink.take(name, length, content);
                  });
      odd.ifPresent(what -> distrust(pack, what));
      countFiles(pack, found.size());
      contents.put(pack, found);
    } catch (PullException.Damaged e) {
      distrust(pack, String.valueOf(e.getMessage()));
      contents.put(pack, Map.of());
      packs.remove(pack);
    }
  }

  private void countFiles(Generation pack, int found) {
    PackEntry entry = packs.get(pack);
    if (entry != null && entry.files() != found) {
      distrust(pack, "it has %d files, its manifest says %d".formatted(found, entry.files()));
    }
  }

  private void distrust(Generation pack, String why) {
    PackEntry entry = packs.get(pack);
    if (entry != null && distrusted.add(pack)) {
      String name = RepositoryLayout.packName(pack) + " of " + traffic.address();
      health.distrust(entry.sha256(), name, why);
    }
  }

  private List<Generation> here() {
    List<Generation> here = new ArrayList<>(packs.keySet());
    here.removeIf(pack -> !Files.exists(fileOf(pack)));
    return here;
  }

  private Path fileOf(Generation pack) {
    return store.resolve(RepositoryLayout.packName(pack));
  }
}
