package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.remote.FolderServer;
import freshet.replicator.remote.FolderServer.Fault;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Workers;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.UpcomingMerge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** History 34: what is large is fetched before anybody waits for it, and nobody waits for that. */
class PrefetcherIT {
  private static final City A = new City("a");

  @TempDir Path folder;
  private final StopSignal stop = new StopSignal();
  private final AtomicBoolean isPulling = new AtomicBoolean();
  private final AtomicInteger asked = new AtomicInteger();
  private HandmadeMaster master;
  private FolderServer server;
  private Slave slave;
  private RemoteRepository remote;
  private Thread thread;

  @BeforeEach
  void start() throws Exception {
    master = new HandmadeMaster(folder.resolve("master"));
    master.publish(5, "a", "b");
    server = new FolderServer(master.root());
    slave = new Slave(folder.resolve("store"), server.url());
    slave.pullsNew();
    remote = RemoteRepository.open(server.url(), Slave.PATIENT, new SystemTime());
  }

  @AfterEach
  void end() throws Exception {
    stop.request();
    if (thread != null) {
      thread.join();
    }
    remote.close();
    slave.close();
    server.close();
  }

  @Test
  void whatWasFetchedAheadIsLinkedByThePullThatNeedsIt() throws Exception {
    UpcomingMerge merge = nextCommit();
    Prefetcher prefetcher = start(new PullOptions(2, 0), merge);
    await(() -> prefetcher.ready().contains(merge.id()));
    server.takeRequests();

    PullOutcome.Installed installed = slave.pullsNew();

    assertThat(installed.report().filesLinked()).isEqualTo(merge.files().size());
    assertThat(server.takeRequests()).doesNotContain(name(merge.files().getFirst()));
    slave.isWholeCopyOf(master);
    prefetcher.announced(List.of());
    assertThat(prefetched()).isEmptyDirectory();
    assertThat(prefetcher.ready()).isEmpty();
    slave.isWholeCopyOf(master);
  }

  @Test
  void bytesThatAreFetchedAheadAreNotThePulls() throws Exception {
    UpcomingMerge merge = nextCommit();
    FileEntry largest = merge.files().getFirst();
    CountDownLatch isHalf = new CountDownLatch(1);
    server.before(name(largest), isHalf::countDown);
    Prefetcher prefetcher = start(new PullOptions(2, 0), merge);
    isHalf.await();
    // Of another store, but through the same remote and at the same time.
    long before = remote.bytesReceived();
    try (Slave other = new Slave(folder.resolve("other"), remote)) {
      PullOutcome.Installed installed = other.pullsNew();
      await(() -> prefetcher.ready().contains(merge.id()));
      // They are counted after that.
      await(() -> prefetcher.bytesFetched() == bytes(merge));

      long whole = master.current().cities().values().stream().mapToLong(CityEntry::bytes).sum();
      assertThat(installed.report().bytesFetched()).isBetween(whole, whole + 20_000);
      assertThat(remote.bytesReceived()).as("LATEST alone").isLessThan(before + 2_000);
    }
  }

  @Test
  void aPullGoesFirstAndNoneWaitsForIt() throws Exception {
    UpcomingMerge merge = nextCommit();
    FileEntry largest = merge.files().getFirst();
    server.before(name(largest), () -> isPulling.set(true));

    Prefetcher prefetcher = start(new PullOptions(2, 0), merge);
    await(() -> isPulling.get() && asked.get() > 20);
    int before = asked.get();
    master.publish(3, "b");
    slave.pullsNew();
    await(() -> asked.get() > before + 5);
    assertThat(prefetcher.ready()).isEmpty();
    assertThat(prefetched().resolve(largest.sha256() + ".part"))
        .satisfies(part -> assertThat(Files.size(part)).isLessThan(largest.length()));

    isPulling.set(false);
    await(() -> prefetcher.ready().contains(merge.id()));
    slave.isWholeCopyOf(master);
  }

  @Test
  void whatACutLeftIsResumed() throws Exception {
    UpcomingMerge merge = nextCommit();
    server.fault(name(merge.files().getFirst()), new Fault.Cut(100_000));

    Prefetcher prefetcher = start(new PullOptions(2, 0), merge);
    await(() -> prefetcher.ready().contains(merge.id()));

    assertThat(server.takeRequests())
        .anyMatch(request -> request.startsWith(name(merge.files().getFirst()) + " bytes="));
    assertThat(prefetcher.bytesFetched()).isLessThan(bytes(merge) + 70_000);
  }

  @Test
  void aDiskThatIsTooSmallIsSaidAndNothingIsFetched() throws Exception {
    UpcomingMerge merge = nextCommit();
    server.takeRequests();

    Prefetcher prefetcher = start(new PullOptions(2, Long.MAX_VALUE / 2), merge);
    await(() -> prefetcher.problem().isPresent());

    assertThat(prefetcher.problem().orElseThrow()).contains("bytes in " + folder.resolve("store"));
    assertThat(server.takeRequests()).isEmpty();
    assertThat(prefetcher.ready()).isEmpty();
  }

  @Test
  void oneThatIsNotAnnouncedAnyMoreIsGivenUp() throws Exception {
    UpcomingMerge merge = nextCommit();
    CountDownLatch isAsked = new CountDownLatch(1);
    remote.close();
    remote = RemoteRepository.open(server.url(), Slave.IMPATIENT, new SystemTime());
    server.fault(name(merge.files().getFirst()), new Fault.Stall(70_000));
    server.before(name(merge.files().getFirst()), isAsked::countDown);

    Prefetcher prefetcher = start(new PullOptions(2, 0), merge);
    isAsked.await();
    prefetcher.announced(List.of());
    stop.request();
    thread.join();
    prefetcher.announced(List.of(new Announced.Merge(merge)));
    prefetcher.announced(List.of());

    assertThat(prefetcher.ready()).isEmpty();
    assertThat(prefetched()).isEmptyDirectory();
  }

  /** A commit of a that the slave does not know of, as if its new files were a merge's. */
  private UpcomingMerge nextCommit() throws Exception {
    CityEntry old = master.current().city(A).orElseThrow();
    List<FileEntry> known = slave.store().cityManifest(old).files();
    master.publish(700, "a");
    CityEntry entry = master.current().city(A).orElseThrow();
    List<FileEntry> fresh =
        slaveless(entry).stream()
            .filter(file -> !known.contains(file) && file.length() > 1000)
            .sorted((x, y) -> Long.compare(y.length(), x.length()))
            .toList();
    assertThat(fresh.getFirst().length()).isGreaterThan(200_000);
    return new UpcomingMerge(A, entry.incarnation(), fresh, null);
  }

  private List<FileEntry> slaveless(CityEntry entry) throws Exception {
    return new LocalRepository(new RepositoryLayout(master.root())).cityManifest(entry).files();
  }

  private Prefetcher start(PullOptions options, UpcomingMerge... merges) {
    Prefetcher prefetcher =
        new Prefetcher(
            remote,
            slave.store(),
            options,
            stop,
            () -> {
              asked.incrementAndGet();
              return isPulling.get();
            },
            new ReplayHealth(new Speeds(new SystemTime())));
    prefetcher.announced(Stream.of(merges).<Announced>map(Announced.Merge::new).toList());
    thread = Workers.thread("prefetch", prefetcher::run);
    thread.start();
    return prefetcher;
  }

  private String name(FileEntry file) {
    return HandmadeMaster.nameOf(master.current().city(A).orElseThrow(), file);
  }

  private Path prefetched() {
    return Prefetched.folder(slave.store().layout());
  }

  private static long bytes(UpcomingMerge merge) {
    return merge.files().stream().mapToLong(FileEntry::length).sum();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    Deadline deadline = Deadline.after(new SystemTime(), Duration.ofSeconds(60));
    while (!condition.getAsBoolean()) {
      assertThat(deadline.isPast()).as("still waiting").isFalse();
      new StopSignal().await(Duration.ofMillis(5));
    }
  }
}
