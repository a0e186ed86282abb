package freshet.replicator.serve;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of all retained snapshots by their relative names. A name is looked up among what
 * manifests say, never on disk. What a city manifest names is read when the first file beside it is
 * asked for, newest first. Thread-safe.
 */
final class ServedFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ServedFiles.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final LocalRepository repository;
  private final Map<Generation, SnapshotManifest> manifests = new HashMap<>();

  /** Manifests, packs, schemas. */
  private final Map<String, ServedFile> small = new HashMap<>();

  /** Commits of each incarnation, by the folder's relative name. */
  private final Map<String, NavigableMap<Long, Commit>> incarnations = new HashMap<>();

  /** Files that LATEST announces. */
  private AnnouncedFiles announced = AnnouncedFiles.NONE;

  private volatile CitySubset held = CitySubset.ALL;

  ServedFiles(LocalRepository repository) {
    this.repository = repository;
  }

  /** A commit that so many retained manifests name. */
  private static final class Commit {
    private final CityEntry entry;
    private int names;
    private @Nullable Map<String, ServedFile> files;
    private boolean isBad;

    Commit(CityEntry entry) {
      this.entry = entry;
    }
  }

  /** Adds the manifests that are new in the repository and drops those that are gone. */
  void update() throws IOException {
    held = repository.subset();
    lock.lock();
    try {
      Set<Generation> present = new HashSet<>();
      for (Path file : list(repository.layout().snapshots())) {
        Optional<Generation> generation = generationOf(file);
        if (generation.isEmpty()) {
          continue;
        }
        present.add(generation.get());
        if (!manifests.containsKey(generation.get())) {
          add(generation.get(), file);
        }
      }
      Set<Generation> gone = new HashSet<>(manifests.keySet());
      gone.removeAll(present);
      gone.forEach(this::drop);
    } finally {
      lock.unlock();
    }
  }

  /** The cities that are here. */
  CitySubset held() {
    return held;
  }

  /** Whether a name is of a city that is not held here, though a manifest may name it. */
  boolean isLeftOut(String name) {
    String[] parts = name.split("/", 3);
    if (held.isAll() || parts.length < 3 || !parts[0].equals("cities")) {
      return false;
    }
    try {
      return !held.includes(City.ofFolder(parts[1]));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Serves what this LATEST announces, and nothing that only an earlier one did. */
  void announce(Advertisement latest) {
    lock.lock();
    try {
      announced = AnnouncedFiles.of(repository, latest, announced);
    } finally {
      lock.unlock();
    }
  }

  /** The file of that name, if a retained manifest names it or LATEST announces it. */
  Optional<ServedFile> find(String name) throws IOException {
    lock.lock();
    try {
      ServedFile file = small.get(name);
      if (file != null) {
        return Optional.of(file);
      }
      int slash = name.lastIndexOf('/');
      NavigableMap<Long, Commit> commits =
          slash < 0 ? null : incarnations.get(name.substring(0, slash));
      Optional<ServedFile> named =
          commits == null ? Optional.empty() : find(commits, name.substring(slash + 1));
      return named.isPresent() ? named : announced.find(name);
    } finally {
      lock.unlock();
    }
  }

  private Optional<ServedFile> find(NavigableMap<Long, Commit> commits, String name)
      throws IOException {
    for (Commit commit : commits.descendingMap().values()) {
      ServedFile file = files(commit).get(name);
      if (file != null) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  private Map<String, ServedFile> files(Commit commit) throws IOException {
    Map<String, ServedFile> files = commit.files;
    if (files != null) {
      return files;
    }
    Path path = repository.layout().resolve(RepositoryLayout.cityManifestName(commit.entry));
    try {
      files = readFiles(commit.entry, path);
      commit.files = files;
      return files;
    } catch (NoSuchFileException e) {
      // A slave has no city manifests of a base that it skipped.
      LOG.debug("{} is not here", path);
    } catch (FormatException e) {
      if (!commit.isBad) {
        LOG.warn("{}; it is not served until it is healed", e.getMessage());
        commit.isBad = true;
      }
    }
    // Nothing is remembered: it may be healed, or come, at any time.
    return Map.of();
  }

  private Map<String, ServedFile> readFiles(CityEntry entry, Path path) throws IOException {
    Path folder = repository.layout().incarnation(entry.city(), entry.incarnation());
    Map<String, ServedFile> files = new HashMap<>();
    for (FileEntry file : repository.cityManifest(entry).filesAndRecipes()) {
      files.put(
          file.name(), new ServedFile(folder.resolve(file.name()), file.length(), file.sha256()));
    }
    files.put(
        String.valueOf(path.getFileName()),
        new ServedFile(path, Files.size(path), entry.manifest()));
    return files;
  }

  private void add(Generation generation, Path path) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(path);
      SnapshotManifest manifest =
          SnapshotCodec.read(bytes, SnapshotManifest.class, path.toString());
      small.put(
          RepositoryLayout.snapshotName(generation),
          new ServedFile(path, bytes.length, Digest.of(bytes)));
      PackEntry pack = manifest.pack();
      if (pack != null) {
        String name = RepositoryLayout.packName(generation);
        small.put(
            name, new ServedFile(repository.layout().resolve(name), pack.length(), pack.sha256()));
      }
      addSchema(manifest.schema());
      for (CityEntry entry : manifest.cities()) {
        String folder = RepositoryLayout.incarnationName(entry.city(), entry.incarnation());
        incarnations
            .computeIfAbsent(folder, key -> new TreeMap<>())
            .computeIfAbsent(entry.commit(), key -> new Commit(entry))
            .names++;
      }
      manifests.put(generation, manifest);
    } catch (NoSuchFileException e) {
      LOG.debug("{} was collected meanwhile", path);
    } catch (FormatException e) {
      LOG.warn("{}; it is not served", e.getMessage());
    }
  }

  private void addSchema(Digest schema) throws IOException {
    String name = RepositoryLayout.schemaName(schema);
    if (!small.containsKey(name)) {
      Path path = repository.layout().resolve(name);
      try {
        small.put(name, new ServedFile(path, Files.size(path), schema));
      } catch (NoSuchFileException e) {
        LOG.debug("{} is not here", path);
      }
    }
  }

  private void drop(Generation generation) {
    SnapshotManifest manifest = manifests.remove(generation);
    if (manifest == null) {
      return;
    }
    small.remove(RepositoryLayout.snapshotName(generation));
    small.remove(RepositoryLayout.packName(generation));
    for (CityEntry entry : manifest.cities()) {
      String folder = RepositoryLayout.incarnationName(entry.city(), entry.incarnation());
      NavigableMap<Long, Commit> commits = incarnations.get(folder);
      Commit commit = commits == null ? null : commits.get(entry.commit());
      if (commits != null && commit != null && --commit.names == 0) {
        commits.remove(entry.commit());
        if (commits.isEmpty()) {
          incarnations.remove(folder);
        }
      }
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.json")) {
      stream.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }

  private static Optional<Generation> generationOf(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      return Optional.of(Generation.parse(name.substring(0, name.length() - ".json".length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
