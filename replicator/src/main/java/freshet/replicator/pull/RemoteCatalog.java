package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.RebuiltCity;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The remote's manifests and schemas, each taken from the store if it is there and whole, else
 * fetched, verified, and written to the store at once: nothing reads it there before LATEST leads
 * to it, and an interrupted pull does not fetch it again.
 */
final class RemoteCatalog {
  private static final Logger LOG = LoggerFactory.getLogger(RemoteCatalog.class);
  static final long MAX_MANIFEST_BYTES = 64L << 20;
  private static final long MAX_CITY_MANIFEST_BYTES = 16L << 20;

  /** What no recipe, nor any other small file that a pack may bring, is longer than. */
  static final long MAX_SMALL_BYTES = 64L << 20;

  private static final int ATTEMPTS = 3;
  // What Lucene calls its files; nothing else of a city's folder can be named by a manifest.
  private static final Pattern INDEX_FILE = Pattern.compile("(_[a-z0-9]+[._]|segments_)[^/]*");

  private final Traffic traffic;
  private final LocalRepository store;

  RemoteCatalog(Traffic traffic, LocalRepository store) {
    this.traffic = traffic;
    this.store = store;
  }

  /**
   * The snapshot of a pointer, resolved over its bases.
   *
   * @param known one whose manifests are all in the store, where the walk may end
   */
  Snapshot snapshot(Advertisement pointer, @Nullable Snapshot known)
      throws IOException, PullException {
    return Bases.resolve(pointer, known, this::manifest, traffic.address());
  }

  /**
   * The manifests from a snapshot back to another, which is left out, newest first: as far as the
   * store has them, and not beyond a full list. None if there are more than so many.
   */
  List<SnapshotManifest> since(Snapshot target, Snapshot known, int most)
      throws IOException, PullException {
    List<SnapshotManifest> found = new ArrayList<>();
    SnapshotManifest at = target.manifest();
    while (!at.generation().equals(known.generation())) {
      if (found.size() == most) {
        return List.of();
      }
      found.add(at);
      Generation base = at.base();
      Digest digest = at.baseManifest();
      if (base == null || digest == null) {
        return found;
      }
      String name = RepositoryLayout.snapshotName(base);
      Optional<byte[]> bytes = held(name, digest);
      if (bytes.isEmpty()) {
        return found;
      }
      at = parse(bytes.get(), SnapshotManifest.class, name);
    }
    return found;
  }

  /** The manifest of a city, if the store has it. */
  Optional<CityManifest> heldCity(CityEntry entry) throws IOException, PullException {
    String name = RepositoryLayout.cityManifestName(entry);
    Optional<byte[]> bytes = held(name, entry.manifest());
    return bytes.isEmpty() ? Optional.empty() : Optional.of(parseCity(entry, bytes.get()));
  }

  /** The manifest of a city, from the store or the remote. */
  CityManifest city(CityEntry entry) throws IOException, PullException {
    String name = RepositoryLayout.cityManifestName(entry);
    return parseCity(entry, bytes(name, entry.manifest(), MAX_CITY_MANIFEST_BYTES));
  }

  /**
   * A recipe, from the store or the remote. Empty if it is not there or damaged: it is a help, and
   * the segment can be fetched.
   */
  Optional<MergeRecipe> recipe(City city, Incarnation incarnation, FileEntry file)
      throws IOException, PullException {
    String name = RepositoryLayout.fileName(city, incarnation, file.name());
    try {
      byte[] bytes = bytes(name, file.sha256(), MAX_SMALL_BYTES);
      MergeRecipe recipe = SnapshotCodec.read(bytes, MergeRecipe.class, name);
      return recipe.fileName().equals(file.name()) ? Optional.of(recipe) : Optional.empty();
    } catch (RemoteException.NotFound | FormatException | PullException.Damaged e) {
      LOG.debug("{} is not gone by", name, e);
      return Optional.empty();
    }
  }

  /** A list of rebuilt cities, from the store or the remote. */
  RebuiltCities rebuilt(Digest list) throws IOException, PullException {
    String name = RepositoryLayout.rebuiltName(list);
    RebuiltCities rebuilt = parse(bytes(name, list, MAX_SMALL_BYTES), RebuiltCities.class, name);
    for (RebuiltCity city : rebuilt.cities()) {
      requireIndexFiles(name, city.files());
    }
    return rebuilt;
  }

  /** The cities that the remote holds. */
  CitySubset subset() throws IOException, PullException {
    String name = RepositoryLayout.SUBSET;
    try {
      byte[] bytes = traffic.small(name, MAX_CITY_MANIFEST_BYTES);
      return parse(bytes, CitySubset.class, name);
    } catch (RemoteException.NotFound e) {
      return CitySubset.ALL;
    }
  }

  /** Makes sure that the store has a schema. */
  void schema(Digest schema) throws IOException, PullException {
    bytes(RepositoryLayout.schemaName(schema), schema, MAX_CITY_MANIFEST_BYTES);
  }

  private SnapshotManifest manifest(Generation generation, Digest digest)
      throws IOException, PullException {
    String name = RepositoryLayout.snapshotName(generation);
    return parse(bytes(name, digest, MAX_MANIFEST_BYTES), SnapshotManifest.class, name);
  }

  private CityManifest parseCity(CityEntry entry, byte[] bytes) throws PullException {
    String name = RepositoryLayout.cityManifestName(entry);
    CityManifest manifest = parse(bytes, CityManifest.class, name);
    if (!manifest.city().equals(entry.city())
        || !manifest.incarnation().equals(entry.incarnation())
        || manifest.commit() != entry.commit()) {
      throw damaged(name, "it is not the manifest that it is named as", null);
    }
    requireIndexFiles(name, manifest.filesAndRecipes());
    return manifest;
  }

  private void requireIndexFiles(String name, List<FileEntry> files) throws PullException {
    Set<String> names = new HashSet<>();
    for (FileEntry file : files) {
      if (!INDEX_FILE.matcher(file.name()).matches()
          || file.name().endsWith(FileFetcher.PART_SUFFIX)
          || !names.add(file.name())) {
        throw damaged(name, "it names '" + file.name() + "', no index file or one twice", null);
      }
    }
  }

  private byte[] bytes(String name, Digest digest, long maxBytes)
      throws IOException, PullException {
    Optional<byte[]> held = held(name, digest);
    if (held.isPresent()) {
      return held.get();
    }
    Digest found = digest;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      byte[] bytes = traffic.small(name, maxBytes);
      found = Digest.of(bytes);
      if (found.equals(digest)) {
        store.writeBytes(name, bytes);
        return bytes;
      }
    }
    throw damaged(
        name,
        "it has sha256 %s, what names it says %s".formatted(found.brief(), digest.brief()),
        null);
  }

  private Optional<byte[]> held(String name, Digest digest) throws IOException {
    Path file = store.layout().resolve(name);
    try {
      byte[] bytes = Files.readAllBytes(file);
      return Digest.of(bytes).equals(digest) ? Optional.of(bytes) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private <T extends Record> T parse(byte[] bytes, Class<T> type, String name)
      throws PullException {
    try {
      return SnapshotCodec.read(bytes, type, name + " of " + traffic.address());
    } catch (FormatException e) {
      // Its digest is right, so it is as the master wrote it.
      throw damaged(name, e.getMessage(), e);
    }
  }

  private PullException damaged(String name, @Nullable String why, @Nullable Throwable cause) {
    return new PullException.Damaged("%s of %s: %s".formatted(name, traffic.address(), why), cause);
  }
}
