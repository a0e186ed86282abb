package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.gate.PublishGate;
import freshet.replicator.repository.CollectionReport;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.MasterPresence;
import freshet.replicator.repository.RepositoryCollector;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.apache.lucene.util.Version;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes snapshots to one repository, as its only master.
 *
 * <p>Promise: when {@link #publish} returns, the snapshot is durable and LATEST names it; when it
 * throws, LATEST names the old snapshot or the new one, whole, and the next call on this publisher,
 * or on one opened after a crash, finds out which and goes on. A generation's number is never used
 * twice. The cost grows with the changed cities, not with all. Thread-safe; one call at a time.
 */
public final class SnapshotPublisher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotPublisher.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final LocalRepository repository;
  private final PublishOptions options;
  private final Time time;
  private final CityPublishers cities;
  private final PackWriter packs;
  private final Fence fence;
  private final RepositoryCollector collector;
  private final Upcoming upcoming;
  private final UpcomingRebuild rebuilt;
  private final PublishGate gate;
  private final MasterPresence presence;

  private PublisherState state;
  private Claims.@Nullable Advertised current;
  private volatile Runnable moved = () -> {};

  /** What LATEST may name by now, after a move whose outcome is unknown. */
  private @Nullable Attempt attempt;

  private record Attempt(PublisherState state, Claims.Advertised advertised) {}

  private SnapshotPublisher(
      LocalRepository repository,
      PublishOptions options,
      Time time,
      RandomGenerator random,
      PublisherOpening.Opened opened,
      PublishGate gate,
      MasterPresence presence) {
    this.repository = repository;
    this.options = options;
    this.time = time;
    this.upcoming = new Upcoming(repository);
    this.rebuilt = new UpcomingRebuild(repository);
    this.cities = new CityPublishers(new CityPublisher(repository, random, this::announced));
    this.packs = new PackWriter(repository);
    this.state = opened.state();
    this.current = opened.current();
    this.collector = new RepositoryCollector(repository, options.retention(), time);
    this.fence = new Fence(repository, time, state.epoch(), opened.known());
    this.gate = gate;
    this.presence = presence;
  }

  /**
   * Opens a repository for publishing, and makes it if it is not there. Goes on by the epoch that
   * this master holds if LATEST is its own last word; takes a new one if the master remembers
   * nothing, or the repository was deleted or restored.
   *
   * @param random for new identities
   * @throws PublishException.Fenced if another master owns the repository
   * @throws PublishException.Damaged if what LATEST names can't be read
   */
  public static SnapshotPublisher open(
      LocalRepository repository, PublishOptions options, Time time, RandomGenerator random)
      throws PublishException {
    return open(repository, options, time, random, PublisherOpening::open);
  }

  /**
   * Opens a repository whoever owned it, by a new epoch that fences the others out. A snapshot that
   * can't be read is given up: {@link #current()} is empty then, and all cities are published
   * again.
   */
  public static SnapshotPublisher takeover(
      LocalRepository repository, PublishOptions options, Time time, RandomGenerator random)
      throws PublishException {
    return open(repository, options, time, random, PublisherOpening::takeOver);
  }

  /**
   * From now on this hears of each move of LATEST, at once: slaves that wait need not wait for what
   * is collected, and for the rest of the cycle. It throws nothing, and returns soon.
   */
  public void onMove(Runnable listener) {
    moved = listener;
  }

  /** The snapshot that LATEST names, as this publisher knows; empty before the first. */
  public Optional<Snapshot> current() {
    return advertised().map(Claims.Advertised::snapshot);
  }

  /** What LATEST says, as this publisher knows; empty before the first. */
  public Optional<Advertisement> advertisement() {
    return advertised().map(Claims.Advertised::advertisement);
  }

  /** The epoch that this publisher holds. */
  public long epoch() {
    return state.epoch();
  }

  /**
   * Publishes a new snapshot. If nothing differs from the current one, LATEST is refreshed and no
   * generation made.
   *
   * @throws IllegalArgumentException if a city is behind that has no commit to remember that
   */
  public PublishReport publish(PublishRequest request) throws PublishException {
    lock.lock();
    try {
      settle();
      presence.renew();
      return publishLocked(request);
    } catch (IOException e) {
      throw diskFailed("the new snapshot", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Publishes a new snapshot that names cities as an older one has them: it is the newest, so that
   * slaves follow. The cities are behind since then, which also their age says. One that the older
   * snapshot does not have is not in the new one either.
   *
   * @param to the older snapshot, of the same schema, whose files are all there
   * @param which cities
   */
  public Generation rollBack(Snapshot to, Set<City> which) throws PublishException {
    lock.lock();
    try {
      settle();
      Claims.Advertised now = current;
      if (now == null) {
        throw new IllegalStateException("there is no snapshot to go back from");
      }
      Rollback rollback = Rollback.of(now, to, which, state.aliases());
      SnapshotManifest latest = now.snapshot().manifest();
      Generation generation = nextGeneration();
      Snapshot snapshot =
          writeManifest(generation, rollback.changes(), latest.position(), latest.schema(), null);
      PublisherState next = intend(snapshot, latest.position(), rollback.changes());
      current = rollback.before();
      advertise(next, snapshot, FreshnessClaim.NONE);
      gate.published(generation, rollback.changes().entries(), rollback.changes().removed());
      LOG.warn(
          "generation {} -> {}: {} cities as in {}, {} removed",
          latest.generation(),
          generation,
          rollback.changes().entries().size(),
          to.generation(),
          rollback.changes().removed().size());
      return generation;
    } catch (IOException e) {
      throw diskFailed("the rollback", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says anew how fresh the current snapshot is: rewrites LATEST, makes no generation. Does nothing
   * before the first publication.
   */
  public void refresh(FreshnessClaim claim) throws PublishException {
    lock.lock();
    try {
      settle();
      Claims.Advertised now = current;
      if (now != null) {
        advertise(state, now.snapshot(), claim);
      }
    } catch (IOException e) {
      throw diskFailed("LATEST", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Makes the files of these merged segments and rebuilt indexes, and of no others, part of what
   * LATEST announces from its next move on, so that slaves may have them before a manifest names
   * them. Does nothing before the first publication; a segment whose files can't be linked is left
   * out, and so are all rebuilt indexes until those of the last city are linked, some calls later.
   *
   * @param segments whose files stay at least until the next call
   * @param indexes null for none; those of before are not announced any more
   */
  public void announce(List<MergedSegment> segments, @Nullable RebuiltIndexes indexes) {
    lock.lock();
    try {
      Claims.Advertised now = current;
      if (now != null) {
        upcoming.replace(segments, state, now.snapshot());
        rebuilt.replace(indexes, now.snapshot());
        collector.keep(rebuilt.linked());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The merged segments that LATEST announces, as this publisher knows. */
  public List<MergedSegment> announced() {
    lock.lock();
    try {
      Claims.Advertised now = current;
      return now == null ? List.of() : upcoming.segments(now.advertisement().upcoming());
    } finally {
      lock.unlock();
    }
  }

  /** Removes what retention lets go, all of it at once: publications wait meanwhile. */
  public CollectionReport collectAll() throws PublishException {
    lock.lock();
    try {
      CollectionReport[] report = new CollectionReport[1];
      fence.asMaster(() -> report[0] = collector.collectAll());
      return report[0];
    } catch (IOException e) {
      throw new PublishException.DiskFailed(
          "%s: not all old files could be removed: %s".formatted(repository.layout().root(), e), e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Which cities had better not be published. Whoever publishes asks it before, and keeps to its
   * answer.
   */
  public PublishGate gate() {
    return gate;
  }

  /** Ends its threads; the epoch stays this master's. */
  @Override
  public void close() {
    cities.close();
    try {
      presence.close();
    } catch (IOException e) {
      LOG.warn("{} stays locked until this process ends", repository.layout().masterLock(), e);
    }
  }

  private interface Opening {
    PublisherOpening.Opened run(PublisherOpening opening) throws IOException, PublishException;
  }

  private static SnapshotPublisher open(
      LocalRepository repository,
      PublishOptions options,
      Time time,
      RandomGenerator random,
      Opening opening)
      throws PublishException {
    PublisherOpening.Opened[] opened = new PublisherOpening.Opened[1];
    MasterPresence[] presence = new MasterPresence[1];
    try {
      DurableFiles.createFolders(repository.layout().control());
      Fence.locked(
          repository,
          time,
          () -> {
            opened[0] =
                opening.run(new PublisherOpening(repository, options.stateFile(), time, random));
            presence[0] = MasterPresence.announce(repository);
          });
      Claims.Advertised current = opened[0].current();
      PublishGate gate =
          PublishGate.open(
              repository, current == null ? null : current.snapshot(), options.gate(), time);
      return new SnapshotPublisher(repository, options, time, random, opened[0], gate, presence[0]);
    } catch (IOException e) {
      throw new PublishException.DiskFailed(
          "%s could not be opened for publishing: %s".formatted(repository.layout().root(), e), e);
    }
  }

  private Optional<Claims.Advertised> advertised() {
    lock.lock();
    try {
      return Optional.ofNullable(current);
    } finally {
      lock.unlock();
    }
  }

  private void settle() throws IOException, PublishException {
    if (fence.settle() && attempt != null) {
      state = attempt.state();
      current = attempt.advertised();
    }
    attempt = null;
  }

  private PublishReport publishLocked(PublishRequest request) throws IOException, PublishException {
    long started = time.nanoTime();
    Digest schema = Digest.of(SnapshotCodec.write(request.schema()));
    Changes changes = Changes.collect(cities, state, current, request, schema);
    Duration link = time.since(started);
    long linked = time.nanoTime();
    Claims.Advertised before = current;
    if (before != null && changes.areNone() && isSame(before.snapshot(), request, schema)) {
      advertise(state, before.snapshot(), request.claim());
      Generation same = before.snapshot().generation();
      return new PublishReport(same, 0, 0, 0, 0, link, time.since(linked));
    }
    writeSchema(schema, request);
    Generation generation = nextGeneration();
    Optional<PackEntry> pack = writePack(generation, changes);
    Snapshot snapshot =
        writeManifest(generation, changes, request.position(), schema, pack.orElse(null));
    PublisherState next = intend(snapshot, request.position(), changes);
    advertise(next, snapshot, request.claim().publishedFor(time.since(started)));
    gate.published(generation, changes.entries(), changes.removed());
    collect();
    PublishReport report =
        new PublishReport(
            generation,
            changes.entries().size() + changes.removed().size(),
            changes.newFiles(),
            changes.newBytes(),
            pack.map(PackEntry::length).orElse(0L),
            link,
            time.since(linked));
    LOG.info(
        "generation {} -> {}: {} cities changed, {} new files with {} bytes, pack of {} bytes",
        before == null ? "none" : before.snapshot().generation(),
        generation,
        report.cities(),
        report.files(),
        report.bytes(),
        report.packBytes());
    return report;
  }

  /**
   * What is published stands, whatever becomes of the old files; they are tried again next time.
   */
  private void collect() {
    try {
      fence.asMaster(collector::collect);
    } catch (IOException | PublishException e) {
      LOG.warn("{}: old files could not be collected: {}", repository.layout().root(), e, e);
    }
  }

  private static boolean isSame(Snapshot snapshot, PublishRequest request, Digest schema) {
    return snapshot.manifest().position().equals(request.position())
        && snapshot.manifest().schema().equals(schema);
  }

  private void writeSchema(Digest schema, PublishRequest request) throws IOException {
    String name = RepositoryLayout.schemaName(schema);
    if (Files.exists(repository.layout().resolve(name))
        && current != null
        && current.snapshot().manifest().schema().equals(schema)) {
      return;
    }
    repository.write(name, request.schema());
  }

  private Generation nextGeneration() {
    // Taken before anything carries it: a number whose publication failed is gone.
    state = state.withLastNumber(state.lastNumber() + 1);
    return new Generation(state.epoch(), state.lastNumber());
  }

  private Optional<PackEntry> writePack(Generation generation, Changes changes)
      throws IOException, PublishException {
    try {
      return packs.write(generation, changes.placed());
    } catch (FileAlreadyExistsException e) {
      throw taken(e);
    }
  }

  private static PublishException taken(FileAlreadyExistsException e) {
    return new PublishException.Fenced(
        "%s exists and is not from this master: a copy of its working directory publishes here too; %s"
            .formatted(e.getFile(), Fence.TAKEOVER_HINT));
  }

  private Snapshot writeManifest(
      Generation generation,
      Changes changes,
      SourcePosition position,
      Digest schema,
      @Nullable PackEntry pack)
      throws IOException, PublishException {
    Snapshot base = isFullDue() || current == null ? null : current.snapshot();
    SnapshotManifest manifest =
        new SnapshotManifest(
            FormatVersion.CURRENT,
            FormatVersion.MIN_READER,
            state.repository(),
            generation,
            base == null ? null : base.generation(),
            base == null ? null : base.manifestDigest(),
            time.now(),
            Version.LATEST.toString(),
            schema,
            position,
            base == null ? changes.all() : changes.entries(),
            base == null ? List.of() : changes.removed(),
            pack);
    byte[] json = SnapshotCodec.write(manifest);
    try {
      DurableFiles.create(
          repository.layout().resolve(RepositoryLayout.snapshotName(generation)), json);
    } catch (FileAlreadyExistsException e) {
      throw taken(e);
    }
    Digest digest = Digest.of(json);
    return base == null ? Snapshot.full(manifest, digest) : base.with(manifest, digest);
  }

  private boolean isFullDue() {
    return state.changesSinceFull() >= options.fullManifestEvery() - 1;
  }

  private PublisherState intend(Snapshot snapshot, SourcePosition position, Changes changes)
      throws IOException {
    Generation published = current == null ? null : current.snapshot().generation();
    boolean isFull = snapshot.manifest().base() == null;
    Map<City, PublisherState.Alias> aliases = changes.aliases();
    PublisherState next =
        new PublisherState(
            PublisherState.FORMAT,
            state.repository(),
            state.master(),
            state.epoch(),
            state.lastNumber(),
            published,
            snapshot.generation(),
            position,
            isFull ? 0 : state.changesSinceFull() + 1,
            aliases);
    next.write(options.stateFile());
    return next;
  }

  private void advertise(PublisherState next, Snapshot snapshot, FreshnessClaim claim)
      throws IOException, PublishException {
    Advertisement advertisement =
        Claims.advertise(
            snapshot, current, claim, upcoming.in(snapshot), rebuilt.in(snapshot), time.now());
    Claims.Advertised advertised = new Claims.Advertised(snapshot, advertisement);
    attempt = new Attempt(next, advertised);
    fence.move(advertisement);
    attempt = null;
    state = next;
    current = advertised;
    moved.run();
  }

  private Map<String, FileEntry> announced(City city, Incarnation incarnation) {
    Map<String, FileEntry> files = new HashMap<>(upcoming.files(city, incarnation));
    files.putAll(rebuilt.files(city, incarnation));
    return files;
  }

  private PublishException diskFailed(String what, IOException e) {
    return new PublishException.DiskFailed(
        "%s: %s could not be published: %s".formatted(repository.layout().root(), what, e), e);
  }
}
