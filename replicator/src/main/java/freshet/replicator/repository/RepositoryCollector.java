package freshet.replicator.repository;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.lease.LeaseFolder;
import freshet.replicator.pause.FrozenCity;
import freshet.replicator.pause.FrozenFolder;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.RebuiltCity;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes snapshots that retention lets go, and the files that none of the others names. Works on a
 * master's repository and on a slave's store. Nothing is removed that LATEST, a pin, a lease, a
 * frozen city, or a base of these stands on; where a manifest that stays can't be read, no file
 * goes.
 *
 * <p>Manifests go before the files that they name, so that a crash leaves files too many, never too
 * few; the first collection after a start looks through all folders for those. The caller makes
 * sure that nobody publishes or pulls into the repository meanwhile. Not thread-safe.
 */
public final class RepositoryCollector {
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryCollector.class);

  /** One collection removes this many dropped commits, or this share of them if that is more. */
  private static final int COMMITS_AT_ONCE = 64;

  private static final int SHARE_AT_ONCE = 16;

  private final LocalRepository repository;
  private final Retention retention;
  private final Time time;

  /** Manifests never change under their name, so each is read once. */
  private final NavigableMap<Generation, SnapshotManifest> manifests = new TreeMap<>();

  private final NamedCommits named = new NamedCommits();

  /**
   * Commits that no manifest names any more and whose files are still to go. When a full manifest
   * ends a long chain, all commits of that chain are dropped at once; removing them together would
   * keep a pull or a publication waiting for seconds.
   */
  private final Set<CommitFiles.Ref> dropped = new LinkedHashSet<>();

  /** What a preview has taken for removed, and is still there. */
  private final Set<Generation> forgotten = new HashSet<>();

  private final Remover remover;
  private final boolean isPreview;
  private final RepositorySize size;
  private List<RebuiltCity> rebuilt = List.of();

  /** Commits that a slave serves of paused cities, as the last collection found them. */
  private Set<CityEntry> frozen = Set.of();

  private boolean isRemembered;
  private boolean isSwept;
  private boolean hasMore;
  private boolean wasTooLarge;

  /** For a repository in which only this process writes. */
  public RepositoryCollector(LocalRepository repository, Retention retention, Time time) {
    this(repository, retention, time, new Remover.Removing());
  }

  /** One that removes nothing and says what it would, whoever writes there. */
  public static RepositoryCollector preview(
      LocalRepository repository, Retention retention, Time time) {
    return new RepositoryCollector(repository, retention, time, new Remover.Counting());
  }

  private RepositoryCollector(
      LocalRepository repository, Retention retention, Time time, Remover remover) {
    this.repository = repository;
    this.retention = retention;
    this.time = time;
    this.remover = remover;
    this.isPreview = remover instanceof Remover.Counting;
    this.size = new RepositorySize(repository.layout(), time, remover);
  }

  /** From now on files of these, and of no others, stay though no manifest names them yet. */
  public void keep(List<RebuiltCity> cities) {
    rebuilt = List.copyOf(cities);
  }

  /**
   * Collects. Does nothing while there is no LATEST. What would take long is left to the next call.
   */
  public CollectionReport collect() throws IOException {
    hasMore = false;
    Optional<Advertisement> latest = repository.latest();
    if (latest.isEmpty()) {
      return CollectionReport.NONE;
    }
    remember();
    int filesBefore = remover.files();
    long bytesBefore = remover.bytes();
    // Whatever ends this collection half-way, the next one looks through all folders.
    boolean wasSwept = isSwept;
    isSwept = false;
    boolean isReadable = readManifests();
    followFrozen();
    NavigableMap<Generation, Set<Why>> kept = kept(latest.get().generation());
    boolean mayThin = wasSwept && isReadable && dropped.isEmpty();
    List<Generation> thinned = mayThin && size.isAbove(retention) ? firstToThin(kept) : List.of();
    kept.keySet().removeAll(thinned);
    List<SnapshotManifest> gone =
        manifests.descendingMap().values().stream()
            .filter(manifest -> !kept.containsKey(manifest.generation()))
            .toList();
    remove(gone);
    collectFiles(latest.get(), isReadable, wasSwept);
    boolean isTooLarge = size.isAbove(retention);
    // Nothing was left that may go.
    boolean isStuck = isTooLarge && mayThin && thinned.isEmpty();
    hasMore = isReadable && (!dropped.isEmpty() || (isTooLarge && !isStuck));
    tellIfTooLarge(isStuck);
    CollectionReport report =
        new CollectionReport(
            kept,
            gone.reversed().stream().map(SnapshotManifest::generation).toList(),
            remover.files() - filesBefore,
            remover.bytes() - bytesBefore,
            isStuck ? size.bytes() - retention.maxBytes() : 0);
    if (!gone.isEmpty()) {
      LOG.debug("{}: collected {}", repository.layout().root(), report);
    }
    return report;
  }

  /** Collects until nothing is left to do. */
  public CollectionReport collectAll() throws IOException {
    CollectionReport all = collect();
    while (hasMore) {
      all = all.plus(collect());
    }
    return all;
  }

  private void remember() throws IOException {
    if (!isPreview && !isRemembered) {
      repository.remember(retention);
      isRemembered = true;
    }
  }

  private void collectFiles(Advertisement latest, boolean isReadable, boolean wasSwept)
      throws IOException {
    CommitFiles files =
        new CommitFiles(
            repository,
            repository.subset(),
            time.now().minus(retention.keepFor()),
            latest.upcoming(),
            isPreview ? announced(latest) : rebuilt,
            remover);
    if (!isReadable) {
      LOG.warn("{}: no file is collected until that manifest is gone", repository.layout().root());
    } else if (!wasSwept) {
      files.sweep(named);
      dropped.clear();
      removeUnnamedPacksAndSchemas(latest.generation(), files);
      isSwept = true;
    } else {
      files.remove(takeDropped(), named);
      isSwept = true;
    }
  }

  /** What whoever publishes there keeps, as far as LATEST tells. */
  private List<RebuiltCity> announced(Advertisement latest) throws IOException {
    Digest list = latest.rebuilt();
    return list == null
        ? List.of()
        : repository.rebuilt(list).map(RebuiltCities::cities).orElse(List.of());
  }

  private void tellIfTooLarge(boolean isStuck) {
    if (isStuck && !wasTooLarge) {
      LOG.warn(
          "{}: {} bytes, above repository.max_bytes = {}, and nothing is left to remove but what LATEST, pins and leases need: unpin some (bin/replicator snapshots gc --dry-run tells why each stays), or raise the bound",
          repository.layout().root(),
          size.bytes(),
          retention.maxBytes());
    }
    wasTooLarge = isStuck;
  }

  private Set<CommitFiles.Ref> takeDropped() {
    int most = Math.max(COMMITS_AT_ONCE, dropped.size() / SHARE_AT_ONCE);
    Set<CommitFiles.Ref> taken = new HashSet<>();
    Iterator<CommitFiles.Ref> oldest = dropped.iterator();
    while (oldest.hasNext() && taken.size() < most) {
      taken.add(oldest.next());
      oldest.remove();
    }
    return taken;
  }

  private boolean readManifests() throws IOException {
    Set<Generation> present = new HashSet<>();
    boolean isReadable = true;
    for (Path file : list(repository.layout().snapshots())) {
      Optional<Generation> generation = generationOf(file, ".json");
      if (generation.isEmpty()) {
        continue;
      }
      present.add(generation.get());
      if (!manifests.containsKey(generation.get()) && !forgotten.contains(generation.get())) {
        try {
          SnapshotManifest manifest =
              SnapshotCodec.read(Files.readAllBytes(file), SnapshotManifest.class, file.toString());
          manifests.put(generation.get(), manifest);
          named.add(manifest);
        } catch (NoSuchFileException e) {
          // Of a preview, since whoever publishes there has collected it.
          present.remove(generation.get());
        } catch (FormatException e) {
          LOG.warn("{}", e.getMessage());
          isReadable = false;
        }
      }
    }
    forgotten.retainAll(present);
    List<Generation> lost = new ArrayList<>(manifests.keySet());
    lost.removeAll(present);
    lost.forEach(this::forget);
    return isReadable;
  }

  /** What is served of a paused city stays, though no manifest may name it any more. */
  private void followFrozen() throws IOException {
    Set<CityEntry> before = frozen;
    Set<CityEntry> now = new HashSet<>();
    for (FrozenCity city : new FrozenFolder(repository.layout()).read().values()) {
      now.add(city.entry());
    }
    now.stream().filter(entry -> !before.contains(entry)).forEach(named::add);
    for (CityEntry entry : before) {
      if (!now.contains(entry)) {
        named.remove(entry);
        dropped.add(CommitFiles.Ref.of(entry));
      }
    }
    frozen = now;
  }

  private NavigableMap<Generation, Set<Why>> kept(Generation latest) throws IOException {
    LeaseFolder leases = new LeaseFolder(repository.layout());
    if (!isPreview) {
      leases.forget(time.now().minus(retention.lease()));
    }
    Set<Generation> leased = new HashSet<>();
    leases.current(time.now()).forEach(lease -> leased.add(lease.generation()));
    NavigableMap<Generation, Set<Why>> kept =
        RetentionPlan.keep(known(), latest, repository.pinned(), leased, retention, time.now());
    return leases.awaits(time.now(), retention.lease())
        ? RetentionPlan.awaiting(known(), kept)
        : kept;
  }

  private NavigableMap<Generation, RetentionPlan.Known> known() {
    NavigableMap<Generation, RetentionPlan.Known> known = new TreeMap<>();
    manifests.forEach(
        (generation, manifest) ->
            known.put(generation, new RetentionPlan.Known(manifest.created(), manifest.base())));
    return known;
  }

  private List<Generation> firstToThin(NavigableMap<Generation, Set<Why>> kept) {
    List<List<Generation>> all = RetentionPlan.thinning(known(), kept);
    return all.isEmpty() ? List.of() : all.getFirst();
  }

  /** Newest first, so that no manifest ever stands without its base. */
  private void remove(List<SnapshotManifest> gone) throws IOException {
    if (gone.isEmpty()) {
      return;
    }
    RepositoryLayout layout = repository.layout();
    for (SnapshotManifest manifest : gone) {
      Generation generation = manifest.generation();
      manifest.cities().forEach(entry -> dropped.add(CommitFiles.Ref.of(entry)));
      remover.file(layout.resolve(RepositoryLayout.snapshotName(generation)));
      forget(generation);
      forgotten.add(generation);
    }
    if (!isPreview) {
      // Durable before any file goes: a manifest that came back would name files that did not.
      DurableFiles.syncFolder(layout.snapshots());
    }
    for (SnapshotManifest manifest : gone) {
      remover.file(layout.resolve(RepositoryLayout.packName(manifest.generation())));
    }
  }

  private void forget(Generation generation) {
    SnapshotManifest manifest = manifests.remove(generation);
    if (manifest != null) {
      named.remove(manifest);
    }
  }

  private void removeUnnamedPacksAndSchemas(Generation latest, CommitFiles files)
      throws IOException {
    for (Path pack : list(repository.layout().packs())) {
      Optional<Generation> generation = generationOf(pack, ".tar.zst");
      if (generation.isPresent()
          && latest.isAfter(generation.get())
          && !manifests.containsKey(generation.get())) {
        remover.file(pack);
      }
    }
    Set<String> named = new HashSet<>(files.schemas());
    manifests.values().forEach(manifest -> named.add(manifest.schema() + ".json"));
    for (Path schema : list(repository.layout().schemas())) {
      String name = String.valueOf(schema.getFileName());
      if (files.isComplete() && name.endsWith(".json") && !named.contains(name)) {
        remover.file(schema);
      }
    }
  }

  static List<Path> list(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }

  static Optional<Generation> generationOf(Path file, String suffix) {
    String name = String.valueOf(file.getFileName());
    if (!name.endsWith(suffix)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Generation.parse(name.substring(0, name.length() - suffix.length())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
