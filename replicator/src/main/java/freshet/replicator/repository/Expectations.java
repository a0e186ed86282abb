package freshet.replicator.repository;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.ScrubReport.Bad;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What each file of a repository should be, by all that its manifests say. A manifest that is
 * rotten is bad itself, and what it alone names is not known until it is healed.
 *
 * <p>A master has everything. A store need not have packs and recipes, which its pulls may have
 * done without, nor the cities of a snapshot that it skipped: what is there of them must be right.
 */
final class Expectations {
  private final LocalRepository repository;
  private final CitySubset held;
  private final boolean isMaster;

  /** Digests of manifests, by what LATEST or a manifest over them says. */
  private final Map<Generation, Digest> named = new HashMap<>();

  private final Map<String, Expected> files = new LinkedHashMap<>();
  private final Map<String, Bad> bad = new LinkedHashMap<>();
  private int snapshots;

  /**
   * A file as it should be.
   *
   * @param generation that names it
   * @param length in bytes, for the progress; 0 for a small one
   * @param isRequired whether its absence is a fault
   */
  record Expected(Generation generation, long length, Digest sha256, boolean isRequired) {}

  private Expectations(LocalRepository repository) throws IOException {
    this.repository = repository;
    this.held = repository.subset();
    this.isMaster = repository.isOfMaster();
  }

  /** Reads all manifests, what LATEST leads to first. */
  static Expectations of(LocalRepository repository) throws IOException {
    Expectations all = new Expectations(repository);
    all.collectLatest();
    for (Generation generation : repository.generations().descendingSet()) {
      all.collect(generation);
    }
    return all;
  }

  /** Each file by its relative name; each is read once. */
  Map<String, Expected> files() {
    return files;
  }

  /** What is bad already. */
  List<Bad> bad() {
    return List.copyOf(bad.values());
  }

  /** How many manifests could be read. */
  int snapshots() {
    return snapshots;
  }

  private void collectLatest() throws IOException {
    Optional<Advertisement> latest;
    try {
      latest = repository.latest();
    } catch (FormatException e) {
      String name = RepositoryLayout.LATEST;
      bad.put(name, new Bad(name, null, found(name), null, String.valueOf(e.getMessage())));
      return;
    } catch (IOException e) {
      bad.put(RepositoryLayout.LATEST, Bad.unreadable(RepositoryLayout.LATEST, null, null, e));
      return;
    }
    if (latest.isEmpty()) {
      return;
    }
    named.put(latest.get().generation(), latest.get().manifest());
    Snapshot snapshot;
    try {
      snapshot = repository.snapshot(latest.get());
    } catch (IOException e) {
      // One of its manifests is bad, which is reported by its own name.
      return;
    }
    for (CityEntry entry : snapshot.cities().values()) {
      collect(snapshot.generation(), entry, true);
    }
  }

  private void collect(Generation generation) throws IOException {
    String name = RepositoryLayout.snapshotName(generation);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(repository.layout().resolve(name));
    } catch (NoSuchFileException e) {
      // Collected since the folder was listed.
      return;
    } catch (IOException e) {
      bad.put(name, Bad.unreadable(name, named.get(generation), null, e));
      return;
    }
    Digest found = Digest.of(bytes);
    Digest expected = named.get(generation);
    if (expected != null && !expected.equals(found)) {
      bad.put(name, new Bad(name, expected, found, null, "its content has changed"));
      return;
    }
    try {
      collect(name, found, SnapshotCodec.read(bytes, SnapshotManifest.class, name));
    } catch (FormatException e) {
      bad.put(name, new Bad(name, null, found, null, String.valueOf(e.getMessage())));
    }
  }

  private void collect(String name, Digest digest, SnapshotManifest manifest) throws IOException {
    snapshots++;
    Generation generation = manifest.generation();
    Generation base = manifest.base();
    Digest baseManifest = manifest.baseManifest();
    if (base != null && baseManifest != null) {
      named.putIfAbsent(base, baseManifest);
      expect(RepositoryLayout.snapshotName(base), generation, 0, baseManifest, true);
    }
    expect(name, generation, 0, digest, true);
    expect(
        RepositoryLayout.schemaName(manifest.schema()), generation, 0, manifest.schema(), isMaster);
    PackEntry pack = manifest.pack();
    if (pack != null) {
      String packName = RepositoryLayout.packName(generation);
      expect(packName, generation, pack.length(), pack.sha256(), isMaster);
    }
    for (CityEntry entry : manifest.cities()) {
      if (held.includes(entry.city())) {
        collect(generation, entry, isMaster);
      }
    }
  }

  private void collect(Generation generation, CityEntry entry, boolean isRequired)
      throws IOException {
    String name = RepositoryLayout.cityManifestName(entry);
    if (files.containsKey(name) || bad.containsKey(name)) {
      return;
    }
    CityManifest manifest;
    try {
      manifest = repository.cityManifest(entry);
    } catch (NoSuchFileException e) {
      expect(name, generation, 0, entry.manifest(), isRequired);
      return;
    } catch (FormatException e) {
      bad.put(name, new Bad(name, entry.manifest(), found(name), null, "its content has changed"));
      return;
    } catch (IOException e) {
      bad.put(name, Bad.unreadable(name, entry.manifest(), null, e));
      return;
    }
    expect(name, generation, 0, entry.manifest(), isRequired);
    expect(
        RepositoryLayout.schemaName(manifest.schema()),
        generation,
        0,
        manifest.schema(),
        isRequired);
    for (FileEntry file : manifest.files()) {
      expect(generation, entry, file, isRequired);
    }
    for (FileEntry recipe : manifest.recipes()) {
      expect(generation, entry, recipe, isMaster);
    }
  }

  private void expect(Generation generation, CityEntry entry, FileEntry file, boolean isRequired) {
    expect(
        RepositoryLayout.fileName(entry.city(), entry.incarnation(), file.name()),
        generation,
        file.length(),
        file.sha256(),
        isRequired);
  }

  private void expect(
      String name, Generation generation, long length, Digest sha256, boolean isRequired) {
    files.putIfAbsent(name, new Expected(generation, length, sha256, isRequired));
  }

  private @Nullable Digest found(String name) throws IOException {
    Path file = repository.layout().resolve(name);
    return Files.exists(file) ? Digest.ofFile(file) : null;
  }
}
