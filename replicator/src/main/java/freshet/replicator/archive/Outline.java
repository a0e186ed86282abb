package freshet.replicator.archive;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an archive is expected to hold, as far as what was read of it tells. At first that is LATEST
 * alone; each small member adds what it names. Pure.
 */
final class Outline {
  private static final long MAX_POINTER_BYTES = 16L << 20;
  private static final long MAX_MANIFEST_BYTES = 64L << 20;
  private static final int MAX_BASES = 10_000;

  /**
   * All manifests together, which are staged before it is known how much else is to come. A chain
   * of them as large as each may be compresses to nothing, and would fill any disk.
   */
  private static final long MAX_SMALL_BYTES = 4L << 30;

  private final String archive;
  private final long mostSmallBytes;
  private final Map<String, Want> open = new LinkedHashMap<>();
  private final Map<String, CityEntry> cities = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final Deque<SnapshotManifest> changes = new ArrayDeque<>();
  private final Deque<Digest> digests = new ArrayDeque<>();
  private CitySubset subset = CitySubset.ALL;
  private @Nullable Advertisement latest;
  private @Nullable Snapshot snapshot;
  private long bytesToCome;
  private long smallBytes;

  /** What a member is. */
  enum Kind {
    LATEST,
    SUBSET,
    SNAPSHOT,
    CITY,
    SCHEMA,
    FILE,
    RECIPE;

    /** Whether it names others, or is read to be checked. */
    boolean isSmall() {
      return this != FILE && this != RECIPE;
    }

    private boolean isOptional() {
      return this == SUBSET || this == RECIPE;
    }
  }

  /**
   * A member that may come.
   *
   * @param name relative name in a repository, made here
   * @param length that it has; the most that it may have if it is small
   * @param sha256 null for what nothing vouches for
   */
  record Want(String name, Kind kind, long length, @Nullable Digest sha256) {}

  /**
   * Nothing was read yet.
   *
   * @param archive its name, for messages
   */
  Outline(String archive) {
    this(archive, MAX_SMALL_BYTES);
  }

  /** The same with another bound of what all members have that name others. */
  Outline(String archive, long mostSmallBytes) {
    this.archive = archive;
    this.mostSmallBytes = mostSmallBytes;
    open.put(
        RepositoryLayout.LATEST,
        new Want(RepositoryLayout.LATEST, Kind.LATEST, MAX_POINTER_BYTES, null));
  }

  /** The expected member of that name; it can't come twice. */
  Want take(ArchiveReader.Member member) throws FormatException {
    Want want = open.remove(member.name());
    if (want == null) {
      throw damaged(
          taken.contains(member.name())
              ? "'%s' comes twice".formatted(member.name())
              : taken.isEmpty()
                  ? "it begins with '%s' and not with LATEST, so it is no export"
                      .formatted(member.name())
                  : "it has '%s', which nothing before it names".formatted(member.name()));
    }
    boolean fits =
        want.kind.isSmall() ? member.length() <= want.length : member.length() == want.length;
    if (!fits || member.length() < 0) {
      throw damaged(
          "'%s' has %,d bytes, %s %,d are expected"
              .formatted(
                  member.name(),
                  member.length(),
                  want.kind.isSmall() ? "at most" : "exactly",
                  want.length));
    }
    taken.add(member.name());
    if (!want.kind.isSmall()) {
      bytesToCome -= want.length;
      return want;
    }
    smallBytes += member.length();
    if (smallBytes > mostSmallBytes) {
      throw damaged("its manifests have more than %,d bytes in all".formatted(mostSmallBytes));
    }
    return want;
  }

  /** Learns from the verified bytes of a small member. */
  void read(Want want, byte[] bytes) throws FormatException {
    String what = "%s of %s".formatted(want.name, archive);
    try {
      switch (want.kind) {
        case LATEST -> pointer(PointerCodec.read(bytes, what));
        case SUBSET -> subset = SnapshotCodec.read(bytes, CitySubset.class, what);
        case SNAPSHOT -> manifest(want, SnapshotCodec.read(bytes, SnapshotManifest.class, what));
        case CITY -> city(want, SnapshotCodec.read(bytes, CityManifest.class, what));
        case SCHEMA -> SnapshotCodec.read(bytes, IndexSchema.class, what);
        case FILE, RECIPE -> throw new IllegalArgumentException(want.name + " names nothing");
      }
    } catch (IllegalArgumentException e) {
      throw new FormatException("%s: %s".formatted(what, e.getMessage()), e);
    }
  }

  /** Whether everything is known that is still to come. */
  boolean isListed() {
    return snapshot != null && open.values().stream().noneMatch(want -> want.kind == Kind.CITY);
  }

  /** Bytes of the index files that are known and were not taken yet. */
  long bytesToCome() {
    return bytesToCome;
  }

  /** LATEST of the archive, once it was read. */
  Advertisement latest() {
    Advertisement read = latest;
    if (read == null) {
      throw new IllegalStateException("LATEST comes first");
    }
    return read;
  }

  /** The snapshot with all cities that it names, once its manifests were read. */
  Snapshot snapshot() {
    Snapshot resolved = snapshot;
    if (resolved == null) {
      throw new IllegalStateException("the manifests are not read yet");
    }
    return resolved;
  }

  /** The cities that the archive holds. */
  CitySubset subset() {
    return subset;
  }

  /** Makes sure that nothing is missing. */
  void requireWhole() throws FormatException {
    open.values().removeIf(want -> want.kind.isOptional());
    if (!open.isEmpty()) {
      throw damaged(
          "it ends too early: %s missing, the first is %s"
              .formatted(
                  Count.of(open.size(), "file is", "files are"), open.keySet().iterator().next()));
    }
  }

  private void pointer(Advertisement read) throws FormatException {
    if (!read.upcoming().isEmpty() || read.rebuilt() != null) {
      throw damaged("its LATEST announces files, of which an export has none");
    }
    latest = read;
    open(new Want(RepositoryLayout.SUBSET, Kind.SUBSET, MAX_POINTER_BYTES, null));
    openManifest(read.generation(), read.manifest());
  }

  private void openManifest(Generation generation, Digest sha256) throws FormatException {
    open(
        new Want(
            RepositoryLayout.snapshotName(generation), Kind.SNAPSHOT, MAX_MANIFEST_BYTES, sha256));
  }

  private void manifest(Want want, SnapshotManifest read) throws FormatException {
    if (!want.name.equals(RepositoryLayout.snapshotName(read.generation()))
        || !read.repository().equals(latest().repository())
        || changes.size() >= MAX_BASES) {
      throw damaged("'%s' is not the manifest that it is named as".formatted(want.name));
    }
    open.remove(RepositoryLayout.SUBSET);
    changes.push(read);
    digests.push(digestOf(want));
    Generation base = read.base();
    Digest baseManifest = read.baseManifest();
    if (base != null && baseManifest != null) {
      openManifest(base, baseManifest);
      return;
    }
    Snapshot resolved = Snapshot.full(changes.pop(), digests.pop());
    while (!changes.isEmpty()) {
      resolved = resolved.with(changes.pop(), digests.pop());
    }
    snapshot = resolved;
    openSchema(resolved.manifest().schema());
    for (CityEntry entry : subset.of(resolved).cities().values()) {
      String name = RepositoryLayout.cityManifestName(entry);
      cities.put(name, entry);
      open(new Want(name, Kind.CITY, MAX_MANIFEST_BYTES, entry.manifest()));
    }
  }

  private void city(Want want, CityManifest read) throws FormatException {
    CityEntry entry = cities.get(want.name);
    if (entry == null
        || !read.city().equals(entry.city())
        || !read.incarnation().equals(entry.incarnation())
        || read.commit() != entry.commit()) {
      throw damaged("'%s' is not the manifest that it is named as".formatted(want.name));
    }
    openSchema(read.schema());
    for (FileEntry file : read.files()) {
      openFile(read, file, Kind.FILE);
    }
    for (FileEntry recipe : read.recipes()) {
      openFile(read, recipe, Kind.RECIPE);
    }
  }

  private void openFile(CityManifest of, FileEntry file, Kind kind) throws FormatException {
    open(
        new Want(
            RepositoryLayout.fileName(of.city(), of.incarnation(), file.name()),
            kind,
            file.length(),
            file.sha256()));
    bytesToCome += file.length();
  }

  private void openSchema(Digest schema) throws FormatException {
    String name = RepositoryLayout.schemaName(schema);
    if (!open.containsKey(name) && !taken.contains(name)) {
      open(new Want(name, Kind.SCHEMA, MAX_MANIFEST_BYTES, schema));
    }
  }

  private void open(Want want) throws FormatException {
    if (taken.contains(want.name) || open.putIfAbsent(want.name, want) != null) {
      throw damaged("its manifests name '%s' twice".formatted(want.name));
    }
  }

  private static Digest digestOf(Want want) {
    Digest digest = want.sha256;
    if (digest == null) {
      throw new IllegalArgumentException(want.name + " has no digest");
    }
    return digest;
  }

  private FormatException damaged(String what) {
    return new FormatException("%s: %s".formatted(archive, what));
  }
}
