package freshet.indexer.build;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.files.FaultyFileSystem;
import freshet.replicator.pull.PullException;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.PullReport;
import freshet.replicator.pull.Puller;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Merges of a master's index, replayed by a slave that skips generations: random documents,
 * updates, deletions and schemas, with commits made while merges run.
 */
@Timeout(300)
class MergeReplayIT {
  private static final Logger LOG = LoggerFactory.getLogger(MergeReplayIT.class);
  private static final int STEPS = 80;

  @TempDir Path folder;
  private final Set<String> seen = new HashSet<>();
  private long merges;
  private long mergedBytes;
  private long replayedBytes;

  @ParameterizedTest(
      name = "seed {0}, best compression {1}, segments a tier {2}, slave skips {3}: {4}")
  @CsvSource({
    "1, false, 2, 0, 0.95",
    "2, true,  2, 0, 0.95",
    "3, false, 3, 2, 0.95",
    "4, true,  4, 1, 0.95",
    // Of so many merges at one time, not all recipes stay.
    "5, true,  2, 5, 0.8",
    "6, false, 2, 9, 0.5"
  })
  void whatIsMergedIsReplayedBitForBit(
      int seed, boolean bestCompression, int segmentsPerTier, int skips, double wantedShare)
      throws Exception {
    run(new Random(seed), bestCompression, segmentsPerTier, skips, ReplayMode.ALWAYS);

    double share = (double) replayedBytes / mergedBytes;
    LOG.info(
        "seed {}: {} merges, {} merged bytes, {} of them replayed",
        seed,
        merges,
        mergedBytes,
        share);
    assertThat(merges).isGreaterThan(10);
    assertThat(share).isGreaterThanOrEqualTo(wantedShare);
  }

  @Test
  void everythingComesWithoutReplayToo() throws Exception {
    run(new Random(7), true, 2, 1, ReplayMode.NEVER);

    assertThat(merges).isGreaterThan(10);
    assertThat(replayedBytes).isZero();
  }

  @Test
  void aDamagedSourceMeansAFetch() throws Exception {
    try (MergingMaster master = new MergingMaster(folder, new Random(8), false, 3)) {
      LocalRepository store = store("store");
      untilAMerge(master, store);
      Set<String> damaged = damage(store);

      PullReport report = installed(pull(master, store.layout().root()));

      assertThat(report.filesReplayed()).isZero();
      assertThat(report.filesFetched()).isPositive();
      assertThat(newestFilesAreRight(store, damaged)).isEqualTo(master.current());
    }
  }

  /** Each third operation: those of one merge are much alike, and there are hundreds. */
  @ParameterizedTest
  @EnumSource(
      value = FaultyFileSystem.Mode.class,
      names = {"ONCE", "CRASH"})
  void whereverAReplayEndsNoWrongFileIsLeft(FaultyFileSystem.Mode mode) throws Exception {
    try (MergingMaster master = new MergingMaster(folder, new Random(9), false, 3)) {
      Path template = folder.resolve("template");
      Snapshot old = untilAMerge(master, store("template"));
      int operation = 0;
      for (boolean isReached = true; isReached; ) {
        operation += 3;
        Path root = folder.resolve("store-" + operation);
        copy(template, root);
        FaultyFileSystem faulty = new FaultyFileSystem();
        faulty.failAt(operation, mode);
        try {
          pull(master, faulty.wrap(root));
        } catch (PullException e) {
          assertThat(e).hasRootCauseInstanceOf(FaultyFileSystem.Injected.class);
        }
        isReached = faulty.count() >= operation;

        LocalRepository store = new LocalRepository(new RepositoryLayout(root));
        assertThat(newestFilesAreRight(store, Set.of())).isIn(old, master.current());
        pull(master, root);
        assertThat(newestFilesAreRight(store, Set.of())).isEqualTo(master.current());
        try (Stream<Path> left = Files.walk(store.layout().control())) {
          assertThat(left.map(Path::toString)).noneMatch(name -> name.contains("/replay/"));
        }
      }
      assertThat(operation).isGreaterThan(30);
    }
  }

  @Test
  void aDiskWithoutRoomForTheMergeRefusesBeforeTheFirstByte() throws Exception {
    try (MergingMaster master = new MergingMaster(folder, new Random(10), false, 2)) {
      Snapshot old = untilAMerge(master, store("store"));
      PullOptions greedy = new PullOptions(2, Long.MAX_VALUE / 2, ReplayMode.ALWAYS);

      PullOutcome outcome = pull(master, folder.resolve("store"), greedy);

      assertThat(outcome).isInstanceOf(PullOutcome.Refused.class);
      assertThat(newestFilesAreRight(store("store"), Set.of())).isEqualTo(old);
    }
  }

  private void run(
      Random random, boolean bestCompression, int segmentsPerTier, int skips, ReplayMode mode)
      throws Exception {
    LocalRepository store = store("store");
    try (MergingMaster master =
            new MergingMaster(folder, random, bestCompression, segmentsPerTier);
        RemoteRepository remote = remote(master)) {
      Puller slave = puller(remote, store.layout().root(), new PullOptions(2, 0, mode));
      for (int step = 1; step <= STEPS; step++) {
        master.change();
        if (random.nextInt(3) == 0) {
          master.awaitMerges();
        }
        master.publishMerges();
        if (step % (skips + 1) == 0 || step == STEPS) {
          if (slave.pull(Duration.ZERO) instanceof PullOutcome.Installed installed) {
            replayedBytes += installed.report().bytesReplayed();
          }
          newestFilesAreRight(store, Set.of());
          count(store);
        }
      }
      assertThat(slave.replays().failures()).isZero();
      assertThat(store.latestSnapshot()).contains(master.current());
    }
  }

  /** Changes until a merge is published that the store lacks; gives the store's snapshot. */
  private Snapshot untilAMerge(MergingMaster master, LocalRepository store) throws Exception {
    for (int i = 0; i < STEPS; i++) {
      master.change();
      pull(master, store.layout().root());
      Snapshot before = master.current();
      master.awaitMerges();
      if (i > 8 && master.publishMerges()) {
        return before;
      }
    }
    throw new AssertionError("nothing was merged");
  }

  /**
   * Compares every byte of the newest snapshot with its manifests, but for files of these names.
   */
  private static Snapshot newestFilesAreRight(LocalRepository store, Set<String> damaged)
      throws IOException {
    Snapshot snapshot = store.latestSnapshot().orElseThrow();
    for (CityEntry entry : snapshot.cities().values()) {
      Path files = store.layout().incarnation(entry.city(), entry.incarnation());
      for (FileEntry file : store.cityManifest(entry).files()) {
        if (!damaged.contains(file.name())) {
          assertThat(Digest.ofFile(files.resolve(file.name()))).isEqualTo(file.sha256());
        }
      }
    }
    return snapshot;
  }

  private void count(LocalRepository store) throws IOException {
    CityEntry entry = store.latestSnapshot().orElseThrow().city(MergingMaster.X).orElseThrow();
    CityManifest manifest = store.cityManifest(entry);
    try (Directory directory =
        FSDirectory.open(store.layout().incarnation(entry.city(), entry.incarnation()))) {
      for (SegmentCommitInfo segment :
          SegmentInfos.readCommit(directory, manifest.segmentsFile())) {
        boolean isMerged = "merge".equals(segment.info.getDiagnostics().get("source"));
        if (isMerged && seen.add(segment.info.name)) {
          merges++;
          for (String file : segment.info.files()) {
            mergedBytes += file.endsWith(".si") ? 0 : directory.fileLength(file);
          }
        }
      }
    }
  }

  /** Flips a bit in the middle of each compound file, and gives their names. */
  private static Set<String> damage(LocalRepository store) throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> files = Files.walk(store.layout().cities())) {
      for (Path file : files.filter(one -> one.toString().endsWith(".cfs")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        names.add(file.getFileName().toString());
      }
    }
    return names;
  }

  private PullOutcome pull(MergingMaster master, Path root) throws PullException {
    return pull(master, root, new PullOptions(2, 0, ReplayMode.ALWAYS));
  }

  private PullOutcome pull(MergingMaster master, Path root, PullOptions options)
      throws PullException {
    try (RemoteRepository remote = remote(master)) {
      return puller(remote, root, options).pull(Duration.ZERO);
    }
  }

  private static PullReport installed(PullOutcome outcome) {
    assertThat(outcome).isInstanceOf(PullOutcome.Installed.class);
    return ((PullOutcome.Installed) outcome).report();
  }

  private static Puller puller(RemoteRepository remote, Path root, PullOptions options) {
    return new Puller(
        remote,
        new LocalRepository(new RepositoryLayout(root)),
        options,
        new SystemTime(),
        new StopSignal(),
        unused -> {});
  }

  private static RemoteRepository remote(MergingMaster master) {
    return RemoteRepository.open(
        master.root().toString(), RemoteOptions.defaults(), new SystemTime());
  }

  private LocalRepository store(String name) {
    return new LocalRepository(new RepositoryLayout(folder.resolve(name)));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
