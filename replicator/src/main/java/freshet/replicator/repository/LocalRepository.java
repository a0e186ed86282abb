package freshet.replicator.repository;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A repository's folder. Reads are verified against the digest that names what is read; writes are
 * durable on return. It holds no state but the folder, so several may look at the same one, while
 * one process at a time writes.
 */
public final class LocalRepository {
  private final RepositoryLayout layout;

  /** The repository in this layout's root, which need not exist yet. */
  public LocalRepository(RepositoryLayout layout) {
    this.layout = layout;
  }

  /** Where its files are. */
  public RepositoryLayout layout() {
    return layout;
  }

  /** Makes its folders, where they are not there yet. */
  public void createFolders() throws IOException {
    DurableFiles.createFolders(layout.snapshots());
    DurableFiles.createFolders(layout.packs());
    DurableFiles.createFolders(layout.schemas());
    DurableFiles.createFolders(layout.cities());
    DurableFiles.createFolders(layout.control());
  }

  /** The pointer; empty in a repository where nothing was published yet. */
  public Optional<Advertisement> latest() throws IOException {
    Path file = layout.latest();
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    return Optional.of(PointerCodec.read(bytes, file.toString()));
  }

  /** The cities that are held here: all in a master's repository, perhaps fewer in a store. */
  public CitySubset subset() throws IOException {
    Path file = layout.resolve(RepositoryLayout.SUBSET);
    try {
      return SnapshotCodec.read(Files.readAllBytes(file), CitySubset.class, file.toString());
    } catch (NoSuchFileException e) {
      return CitySubset.ALL;
    }
  }

  /** Says, durably, which cities are held here. */
  public void holdOnly(CitySubset cities) throws IOException {
    if (!cities.equals(subset())) {
      // Also where all are held: that a file can be absent is for repositories that never had one.
      write(RepositoryLayout.SUBSET, cities);
    }
  }

  /** The snapshot that the pointer names, as far as it is held here. */
  public Optional<Snapshot> latestSnapshot() throws IOException {
    Optional<Advertisement> latest = latest();
    return latest.isEmpty() ? Optional.empty() : Optional.of(snapshot(latest.get()));
  }

  /** The snapshot that this advertisement names, as far as it is held here. */
  public Snapshot snapshot(Advertisement advertisement) throws IOException {
    return subset().of(snapshot(advertisement.generation(), advertisement.manifest(), null));
  }

  /**
   * A snapshot with all its cities, resolved over its bases.
   *
   * @param digest what its manifest's bytes must have
   * @param known a snapshot that is resolved already, where the walk over bases may end
   */
  public Snapshot snapshot(Generation generation, Digest digest, @Nullable Snapshot known)
      throws IOException {
    Deque<SnapshotManifest> changes = new ArrayDeque<>();
    Deque<Digest> digests = new ArrayDeque<>();
    Generation at = generation;
    Digest wanted = digest;
    while (true) {
      if (known != null && known.generation().equals(at) && known.manifestDigest().equals(wanted)) {
        return apply(known, changes, digests);
      }
      SnapshotManifest manifest =
          read(RepositoryLayout.snapshotName(at), wanted, SnapshotManifest.class);
      Generation base = manifest.base();
      Digest baseManifest = manifest.baseManifest();
      if (base == null || baseManifest == null) {
        return apply(Snapshot.full(manifest, wanted), changes, digests);
      }
      changes.push(manifest);
      digests.push(wanted);
      at = base;
      wanted = baseManifest;
    }
  }

  /** Every generation that has a manifest here; one may never have been advertised. */
  public NavigableSet<Generation> generations() throws IOException {
    NavigableSet<Generation> all = new TreeSet<>();
    for (Path file : RepositoryCollector.list(layout.snapshots())) {
      RepositoryCollector.generationOf(file, ".json").ifPresent(all::add);
    }
    return all;
  }

  /** Whether a master has published here; else it is a slave's store, or was imported. */
  public boolean isOfMaster() throws IOException {
    return RepositoryCollector.list(layout.control()).stream()
        .anyMatch(
            file -> String.valueOf(file.getFileName()).startsWith(RepositoryLayout.EPOCH_PREFIX));
  }

  /** Snapshots that somebody keeps. */
  public Set<Generation> pinned() throws IOException {
    Set<Generation> pinned = new TreeSet<>();
    for (Path file : RepositoryCollector.list(layout.pins())) {
      RepositoryCollector.generationOf(file, "").ifPresent(pinned::add);
    }
    return pinned;
  }

  /** Keeps a snapshot, durably, until it is unpinned. */
  public void pin(Generation generation) throws IOException {
    DurableFiles.createFolders(layout.pins());
    DurableFiles.write(layout.pins().resolve(generation.toString()), new byte[0]);
  }

  /** Lets retention decide on a snapshot again. */
  public void unpin(Generation generation) throws IOException {
    DurableFiles.delete(layout.pins().resolve(generation.toString()));
  }

  /** By what the process that writes here collected last; empty if none did. */
  public Optional<Retention> retention() throws IOException {
    Path file = layout.retention();
    try {
      return Optional.of(
          SnapshotCodec.read(Files.readAllBytes(file), Retention.class, file.toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Notes, durably, by what is collected here. */
  void remember(Retention retention) throws IOException {
    byte[] bytes = SnapshotCodec.write(retention);
    Path file = layout.retention();
    if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
      DurableFiles.createFolders(layout.control());
      DurableFiles.write(file, bytes);
    }
  }

  /** The manifest of that name, which nothing vouches for. */
  public SnapshotManifest manifest(Generation generation) throws IOException {
    Path file = layout.resolve(RepositoryLayout.snapshotName(generation));
    return SnapshotCodec.read(Files.readAllBytes(file), SnapshotManifest.class, file.toString());
  }

  /** The snapshot of that name; empty if there is none. */
  public Optional<Snapshot> snapshot(Generation generation) throws IOException {
    try {
      Path file = layout.resolve(RepositoryLayout.snapshotName(generation));
      return Optional.of(snapshot(generation, Digest.ofFile(file), null));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The manifest of a city. */
  public CityManifest cityManifest(CityEntry entry) throws IOException {
    return read(RepositoryLayout.cityManifestName(entry), entry.manifest(), CityManifest.class);
  }

  /** What is missing or cut of a city, by a look at names and lengths; empty if nothing is. */
  public Optional<String> problemWith(CityEntry entry) throws IOException {
    Path folder = layout.incarnation(entry.city(), entry.incarnation());
    for (FileEntry file : cityManifest(entry).filesAndRecipes()) {
      Path path = folder.resolve(file.name());
      if (!Files.exists(path) || Files.size(path) != file.length()) {
        return Optional.of(
            "city %s: %s is gone or has another length than %,d"
                .formatted(entry.city(), path, file.length()));
      }
    }
    return Optional.empty();
  }

  /** A schema. */
  public IndexSchema schema(Digest digest) throws IOException {
    return read(RepositoryLayout.schemaName(digest), digest, IndexSchema.class);
  }

  /** A list of rebuilt cities; empty if it is not here, or not whole. */
  public Optional<RebuiltCities> rebuilt(Digest list) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(layout.resolve(RepositoryLayout.rebuiltName(list)));
      return Digest.of(bytes).equals(list)
          ? Optional.of(SnapshotCodec.read(bytes, RebuiltCities.class, "the list " + list))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Removes the lists of rebuilt cities but these. */
  public void keepRebuilt(Set<Digest> kept) throws IOException {
    Set<String> names = new HashSet<>();
    kept.forEach(list -> names.add(list + ".json"));
    // The first list that is announced makes the folder, perhaps just now; it is never removed.
    if (!Files.isDirectory(layout.rebuilt())) {
      return;
    }
    try (DirectoryStream<Path> lists = Files.newDirectoryStream(layout.rebuilt())) {
      for (Path list : lists) {
        if (!names.contains(String.valueOf(list.getFileName()))) {
          Files.deleteIfExists(list);
        }
      }
    }
  }

  /**
   * Writes one of the small files, durably.
   *
   * @param name its relative name, from {@link RepositoryLayout}
   * @return the digest of its bytes
   */
  public Digest write(String name, Record value) throws IOException {
    byte[] bytes = SnapshotCodec.write(value);
    writeBytes(name, bytes);
    return Digest.of(bytes);
  }

  /** Writes one of the small files as it came from elsewhere, durably. */
  public void writeBytes(String name, byte[] bytes) throws IOException {
    Path file = layout.resolve(name);
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      DurableFiles.createFolders(folder);
    }
    DurableFiles.write(file, bytes);
  }

  /** Moves the pointer, durably. Everything that it names must be durable already. */
  public void advertise(Advertisement advertisement) throws IOException {
    writeBytes(RepositoryLayout.LATEST, PointerCodec.write(advertisement));
  }

  private <T extends Record> T read(String name, Digest wanted, Class<T> type) throws IOException {
    Path file = layout.resolve(name);
    byte[] bytes = Files.readAllBytes(file);
    Digest found = Digest.of(bytes);
    if (!found.equals(wanted)) {
      throw new FormatException(
          "%s has sha256 %s, what names it says %s: it was damaged or replaced"
              .formatted(file, found.brief(), wanted.brief()));
    }
    return SnapshotCodec.read(bytes, type, file.toString());
  }

  private static Snapshot apply(
      Snapshot base, Deque<SnapshotManifest> changes, Deque<Digest> digests) {
    Snapshot snapshot = base;
    while (!changes.isEmpty()) {
      snapshot = snapshot.with(changes.pop(), digests.pop());
    }
    return snapshot;
  }
}
