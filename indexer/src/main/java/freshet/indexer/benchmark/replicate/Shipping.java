package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.Corpus;
import freshet.indexer.benchmark.build.ListingDocuments;
import freshet.indexer.build.BuildException;
import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityOutcome;
import freshet.indexer.merge.MergeAdvertising;
import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.route.CityBatch;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.publish.CityCommit;
import freshet.replicator.publish.FreshnessClaim;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.PublishRequest;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.pull.PullException;
import freshet.replicator.pull.PullOptions;
import freshet.replicator.pull.PullOutcome;
import freshet.replicator.pull.Puller;
import freshet.replicator.pull.ReplayMode;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A master and a slave in one process, over a folder: increments, each pulled at once. */
final class Shipping implements AutoCloseable {
  private static final long SEED = 11;
  private static final int RAM_BUFFER = 128;
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /** Each merge is pulled with its commit, so that what it costs counts with its increment. */
  private static final MergeOptions MERGES =
      new MergeOptions(
          2,
          8,
          64,
          5 * 1024,
          MergeLimits.NONE,
          new MergeAdvertising(Long.MAX_VALUE, Duration.ZERO));

  private final Workload workload;
  private final Path folder;
  private final Time time;
  private final Map<City, ChangingCity> content = new HashMap<>();
  private final CityIndexes cities;
  private final SnapshotPublisher publisher;
  private final LocalRepository store;
  private final RemoteRepository remote;
  private final Puller puller;
  private long version;
  private long fetchedBytes;
  private long requests;
  private long replayedBytes;

  Shipping(Workload workload, Corpus corpus, ReplayMode mode, Path folder, Time time)
      throws BuildException, PublishException {
    this.workload = workload;
    this.folder = folder;
    this.time = time;
    Random random = new Random(SEED);
    for (int i = 0; i < workload.cities(); i++) {
      City city = new City("city " + i);
      content.put(city, new ChangingCity(city, corpus, random));
    }
    BuildOptions options = new BuildOptions(2, workload.cities(), RAM_BUFFER, true, MERGES);
    cities =
        CityIndexes.open(
            folder.resolve("work"),
            options.giving(PATIENCE),
            ListingDocuments.SCHEMA,
            random,
            time);
    Path root = folder.resolve("repository");
    publisher =
        SnapshotPublisher.open(
            new LocalRepository(new RepositoryLayout(root)),
            PublishOptions.of(folder.resolve("published.json")),
            time,
            random);
    store = new LocalRepository(new RepositoryLayout(folder.resolve("store")));
    remote = RemoteRepository.open(root.toString(), RemoteOptions.defaults(), time);
    puller =
        new Puller(
            remote, store, new PullOptions(4, 0, mode), time, new StopSignal(), unused -> {});
  }

  /** Runs it. */
  ShippingFigures run() throws Exception {
    int each = workload.documents() / workload.cities();
    apply(city -> city.fill(each, version));
    merge();
    MergedBytes merged = new MergedBytes();
    merged.count(store, publisher.current().orElseThrow());
    long before = merged.bytes();
    fetchedBytes = 0;
    requests = 0;
    replayedBytes = 0;
    long text = textBytes();
    double[] ratios = new double[workload.increments()];
    for (int i = 0; i < workload.increments(); i++) {
      long fetched = fetchedBytes;
      long changed = textBytes();
      apply(city -> city.change(workload.changesPerCity(), version));
      merge();
      merged.count(store, publisher.current().orElseThrow());
      ratios[i] = (double) (fetchedBytes - fetched) / (textBytes() - changed);
    }
    check();
    Arrays.sort(ratios);
    double tail = ratios[Math.min(ratios.length - 1, (int) Math.ceil(ratios.length * 0.99) - 1)];
    return new ShippingFigures(
        workload,
        textBytes() - text,
        fetchedBytes,
        requests,
        tail,
        merged.bytes() - before,
        replayedBytes);
  }

  @Override
  public void close() throws IOException {
    remote.close();
    publisher.close();
    cities.close();
    DurableFiles.deleteTree(folder);
  }

  private interface Changing {
    CityBatch batch(ChangingCity city);
  }

  private void apply(Changing changing) throws Exception {
    version++;
    Map<City, CityBatch> batches = new HashMap<>();
    content.forEach((city, documents) -> batches.put(city, changing.batch(documents)));
    List<CityCommit> commits = new ArrayList<>();
    for (CityOutcome outcome : cities.apply(batches, city -> position()).values()) {
      if (outcome instanceof CityOutcome.Committed done) {
        commits.add(done.commit());
      } else if (outcome instanceof CityOutcome.Failed failed) {
        throw failed.cause();
      }
    }
    ship(commits);
  }

  /** Makes all merges that are due, and ships them. */
  private void merge() throws Exception {
    cities.startMerges();
    while (cities.awaitMerges(Deadline.after(time, PATIENCE))) {
      List<CityCommit> commits = cities.commitMerges();
      if (commits.isEmpty()) {
        return;
      }
      ship(commits);
      cities.startMerges();
    }
    throw new IllegalStateException("merges did not end within " + PATIENCE);
  }

  private void ship(List<CityCommit> commits) throws PublishException, PullException, IOException {
    publisher.publish(
        new PublishRequest(
            commits,
            List.of(),
            ListingDocuments.SCHEMA,
            position(),
            Map.of(),
            FreshnessClaim.NONE));
    commits.forEach(cities::release);
    if (puller.pull(Duration.ZERO) instanceof PullOutcome.Installed installed) {
      fetchedBytes += installed.report().bytesFetched() + Files.size(store.layout().latest());
      requests += installed.report().requests() + 1;
      replayedBytes += installed.report().bytesReplayed();
    }
  }

  /** The slave verified every file; what it has must be the master's newest, and all of it. */
  private void check() throws IOException {
    long expected = content.values().stream().mapToLong(ChangingCity::documents).sum();
    long found = store.latestSnapshot().orElseThrow().documents();
    if (!store.latestSnapshot().equals(publisher.current()) || found != expected) {
      throw new IllegalStateException(
          "the slave has %,d documents, the changes leave %,d".formatted(found, expected));
    }
  }

  private long textBytes() {
    return content.values().stream().mapToLong(ChangingCity::textBytes).sum();
  }

  private SourcePosition position() {
    Cursor cursor = new Cursor(version, ListingDocuments.key(0));
    return new SourcePosition("", "", cursor, cursor, Map.of());
  }
}
