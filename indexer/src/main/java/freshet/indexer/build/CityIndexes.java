package freshet.indexer.build;

import freshet.indexer.merge.FinishedMerge;
import freshet.indexer.merge.MergeFigures;
import freshet.indexer.merge.MergeQueue;
import freshet.indexer.merge.MergeTurn;
import freshet.indexer.route.CityBatch;
import freshet.indexer.route.KeySource;
import freshet.replicator.files.Digest;
import freshet.replicator.publish.CityCommit;
import freshet.replicator.publish.MergedSegment;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The working indexes of all cities, each in a folder of its own. A batch is compared with a city's
 * last commit, and only what differs is applied and committed, without merging; a city whose batch
 * holds nothing new costs no writer and no file. Cities are built in parallel, largest first, and
 * one that fails keeps its last commit and delays no other.
 *
 * <p>Methods are called by one thread at a time, but for what says otherwise; the work itself is
 * spread over threads of its own.
 */
public final class CityIndexes implements KeySource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CityIndexes.class);

  private final WorkingFolder folder;
  private final IndexSchema schema;
  private final WriterSettings settings;
  private final Builders builders;
  private final MergeQueue merges;
  private final OpenCities open;
  private final Hydrations hydrations;
  private final Map<City, CityIndex> cities = new ConcurrentSkipListMap<>();
  private final Set<City> damaged = new TreeSet<>();
  private final Set<City> mergeable = new TreeSet<>();

  /** Cities that were overdue, with the last commit that others went by, until they settle. */
  private final Map<City, Optional<WorkingCity>> unsettled = new ConcurrentSkipListMap<>();

  private CityIndexes(
      Path folder, BuildOptions options, IndexSchema schema, WriterSettings own, Time time) {
    this.folder = new WorkingFolder(folder, own);
    this.schema = schema;
    this.settings = own;
    this.builders = new Builders(options.citiesAtOnce(), options.cityTimeout(), time);
    this.merges = new MergeQueue(options.merge(), time);
    this.open = new OpenCities(options.maxOpenCities());
    this.hydrations = new Hydrations(this.folder);
  }

  /** Opens the indexes in a folder, which is made if absent. */
  public static CityIndexes open(
      Path folder, BuildOptions options, IndexSchema schema, RandomGenerator random, Time time)
      throws BuildException {
    return open(folder, options, schema, random, IndexDirectories.FILES, time);
  }

  /** The same, with folders opened by other means. */
  public static CityIndexes open(
      Path folder,
      BuildOptions options,
      IndexSchema schema,
      RandomGenerator random,
      IndexDirectories directories,
      Time time)
      throws BuildException {
    WriterSettings own = new WriterSettings(options, schema, directories, random);
    CityIndexes indexes = new CityIndexes(folder, options, schema, own, time);
    try {
      WorkingFolder.Found found = indexes.folder.scan();
      for (CityIndex index : found.whole()) {
        indexes.cities.put(index.city(), index);
        // Merges that were due when the last process ended, such as big ones that waited.
        indexes.mergeable.add(index.city());
      }
      indexes.damaged.addAll(found.damaged());
      return indexes;
    } catch (IOException e) {
      indexes.close();
      throw new BuildException.WorkFailed(
          "the working folder %s can't be read: %s".formatted(folder, e), e);
    }
  }

  /** The schema that all of them are built by. */
  public IndexSchema schema() {
    return schema;
  }

  /** The digest of that schema. */
  public Digest schemaDigest() {
    return settings.schemaDigest();
  }

  /**
   * The last commit of every city that has one; of one that was overdue and has not {@link #settle
   * settled} the one that it had before.
   */
  public SortedMap<City, WorkingCity> working() {
    SortedMap<City, WorkingCity> working = new TreeMap<>();
    cities.forEach(
        (city, index) ->
            unsettled.getOrDefault(city, index.last()).ifPresent(last -> working.put(city, last)));
    return working;
  }

  /** Cities whose files were found unusable: to be hydrated or rebuilt. */
  public Set<City> damaged() {
    Set<City> all = new TreeSet<>(damaged);
    cities.forEach(
        (city, index) -> {
          if (index.isDamaged() && !unsettled.containsKey(city)) {
            all.add(city);
          }
        });
    return all;
  }

  /** Notes that a city's last commit turned out to be unusable. */
  public void markDamaged(City city) {
    index(city).markDamaged();
  }

  /** Lets batches be applied again to overdue cities that have ended what they were at. */
  public void takeUpOverdue() {
    builders
        .takeEnded()
        .forEach(
            (city, outcome) -> {
              if (outcome instanceof CityOutcome.Committed late) {
                release(late.commit());
              }
              if (hydrations.isBegun(city)) {
                takeUpHydrated(city);
              }
              mergeable.add(city);
            });
  }

  /** Cities that are still at work on a batch that took too long, and what to say of each. */
  public SortedMap<City, BuildException> overdue() {
    return builders.overdue();
  }

  /**
   * Cities that were overdue and may hold by now what other cities have too, since their batch
   * counted as failed.
   */
  public Set<City> unsettled() {
    return new TreeSet<>(unsettled.keySet());
  }

  /** Notes that all cities have caught up with their last batch but these. */
  public void settle(Set<City> failed) {
    unsettled.keySet().retainAll(failed);
  }

  /**
   * Applies a batch to each of these cities. One that takes longer than its time counts as failed,
   * as does one that is overdue since an earlier call; it goes on until {@link #takeUpOverdue}
   * finds it ended.
   *
   * @param batches by city
   * @param positions the position that a city's commit shall state
   */
  public SortedMap<City, CityOutcome> apply(
      Map<City, CityBatch> batches, Function<City, SourcePosition> positions) {
    SortedMap<City, CityOutcome> outcomes =
        build(
            batches.values().stream()
                .map(
                    batch ->
                        new Builders.Job(
                            batch.city(),
                            batch.size(),
                            "a batch of " + Count.of(batch.size(), "change"),
                            () ->
                                touched(batch.city()).apply(batch, positions.apply(batch.city()))))
                .toList());
    outcomes.forEach(
        (city, outcome) -> {
          if (outcome instanceof CityOutcome.Committed) {
            mergeable.add(city);
          }
        });
    return outcomes;
  }

  /** What batches would change, without changing anything. */
  public SortedMap<City, BatchCounts> compare(Map<City, CityBatch> batches) throws BuildException {
    SortedMap<City, BatchCounts> counts = new TreeMap<>();
    for (CityBatch batch : batches.values()) {
      try {
        counts.put(batch.city(), index(batch.city()).compare(batch));
      } catch (IOException e) {
        throw failed("compare a batch with", batch.city(), e);
      }
    }
    return counts;
  }

  /**
   * The versions that the last commit of a city holds of these documents, in microseconds since
   * 1970 UTC; one that it does not hold is missing.
   */
  public Map<DocumentKey, Long> versions(City city, Collection<DocumentKey> keys)
      throws IOException {
    return touched(city).versions(keys);
  }

  /** The last commit of a city that has one, held until {@link #release}. */
  public CityCommit hold(City city) throws BuildException {
    try {
      return touched(city).hold();
    } catch (IOException e) {
      throw failed("open the last commit of", city, e);
    }
  }

  /** Live documents of a city's last commit; none if it has none. */
  public long documents(City city) throws BuildException {
    CityIndex index = cities.get(city);
    if (index == null || index.last().isEmpty()) {
      return 0;
    }
    CityCommit commit = hold(city);
    release(commit);
    return commit.documents();
  }

  /** Lets a commit's files be deleted once a later one replaces it. */
  public void release(CityCommit commit) {
    CityIndex index = cities.get(commit.city());
    if (index != null) {
      index.release(commit);
    }
  }

  /** What the merges of all indexes do. Safe for use by any thread. */
  public MergeFigures mergeFigures() {
    return merges.figures();
  }

  /** Changes how many bytes a second all merges write. Safe for use by any thread. */
  public void limitMerges(long maxBytesPerSecond) {
    merges.limit(maxBytesPerSecond);
  }

  /** Merged segments that wait for having been advertised before they enter their index. */
  public List<MergedSegment> finishedMerges() {
    List<MergedSegment> segments = new ArrayList<>();
    for (FinishedMerge merge : merges.finishedMerges()) {
      City city = City.ofFolder(merge.index());
      index(city)
          .last()
          .ifPresent(
              last ->
                  segments.add(
                      new MergedSegment(
                          city,
                          last.incarnation(),
                          folder.of(city),
                          merge.files(),
                          merge.recipe())));
    }
    return segments;
  }

  /** Notes that LATEST names these: after a while, they enter their index. */
  public void advertised(List<MergedSegment> segments) {
    merges.advertised(
        segments.stream()
            .map(
                segment ->
                    new FinishedMerge(segment.city().folder(), segment.files(), segment.recipe()))
            .toList());
  }

  /**
   * Notes which of these slaves have already: what enough of them have enters its index. Safe for
   * use by any thread.
   *
   * @param slaves how many say what they have
   * @param having how many of them have a merge, by its id
   */
  public void prepared(int slaves, Map<String, Integer> having) {
    merges.prepared(slaves, having);
  }

  /** Lets merges enter their index without having been advertised, from now on. */
  public void endAdvertising() {
    merges.endAdvertising();
  }

  /** Queues the merges that commits since the last call have made due. */
  public void startMerges() {
    for (City city : mergeable) {
      if (!unsettled.containsKey(city)) {
        merges.submit(city.folder(), new CityMerges(city));
      }
    }
    mergeable.retainAll(unsettled.keySet());
  }

  /** Waits for merges that may run now; false if some were not done by the deadline. */
  public boolean awaitMerges(Deadline deadline) throws InterruptedException {
    return merges.awaitIdle(deadline);
  }

  /** Runs a merge of another index behind those of the cities. */
  public void queueMerge(String name, MergeQueue.Job job) {
    // No city's folder name has a dot, so that it stands beside them.
    merges.submit("." + name, job);
  }

  /**
   * Commits merges that have finished. A city where that fails keeps its last commit, and is merged
   * again later.
   *
   * @return the new commits, held
   */
  public List<CityCommit> commitMerges() {
    List<Builders.Job> jobs = new ArrayList<>();
    cities.forEach(
        (city, index) -> {
          if (index.hasFinishedMerge() && !unsettled.containsKey(city)) {
            jobs.add(new Builders.Job(city, 1, "the commit of a merge", index::commitMerge));
          }
        });
    List<CityCommit> commits = new ArrayList<>();
    build(jobs)
        .forEach(
            (city, outcome) -> {
              switch (outcome) {
                case CityOutcome.Committed done -> commits.add(done.commit());
                case CityOutcome.Unchanged same -> {}
                case CityOutcome.Failed failed ->
                    LOG.warn(
                        "city {}: a finished merge was not committed: {}",
                        city,
                        failed.cause().toString(),
                        failed.cause());
              }
            });
    return commits;
  }

  private SortedMap<City, CityOutcome> build(List<Builders.Job> jobs) {
    if (jobs.isEmpty()) {
      return Collections.emptySortedMap();
    }
    Map<City, WorkingCity> before = working();
    SortedMap<City, CityOutcome> outcomes = builders.run(jobs);
    builders
        .overdue()
        .keySet()
        .forEach(city -> unsettled.putIfAbsent(city, Optional.ofNullable(before.get(city))));
    return outcomes;
  }

  /**
   * A digest of which batches all cities hold. Two states with the same digest hold the same
   * documents; merges don't change it.
   */
  public Digest contents() {
    StringBuilder text = new StringBuilder();
    working()
        .forEach(
            (city, last) ->
                text.append(city.folder())
                    .append(' ')
                    .append(last.incarnation())
                    .append(' ')
                    .append(last.batches())
                    .append('\n'));
    return Digest.ofText(text.toString());
  }

  @Override
  public void forEachKey(Sink sink) throws IOException {
    for (Map.Entry<City, CityIndex> city : cities.entrySet()) {
      touched(city.getKey()).forEachKey(sink);
    }
  }

  /** Removes a city's working index. */
  public void drop(City city) throws BuildException {
    try {
      index(city).delete();
      cities.remove(city);
      damaged.remove(city);
      unsettled.remove(city);
    } catch (IOException e) {
      throw failed("remove", city, e);
    }
  }

  /**
   * Replaces cities' working indexes by published commits, each under a new history. One that takes
   * longer than its time counts as failed and goes on, as with {@link #apply}; if it fails in the
   * end, the city is {@link #damaged()}.
   */
  public SortedMap<City, CityOutcome> hydrate(Map<City, PublishedCommit> commits) {
    List<Builders.Job> jobs = new ArrayList<>();
    commits.forEach(
        (city, commit) -> {
          jobs.add(hydrations.begin(index(city), commit));
          cities.remove(city);
          damaged.remove(city);
          unsettled.remove(city);
        });
    SortedMap<City, CityOutcome> outcomes = builders.run(jobs);
    Set<City> late = overdue().keySet();
    outcomes.keySet().stream().filter(city -> !late.contains(city)).forEach(this::takeUpHydrated);
    return outcomes;
  }

  private void takeUpHydrated(City city) {
    unsettled.remove(city);
    hydrations
        .take(city)
        .ifPresentOrElse(
            made -> {
              cities.put(city, made);
              mergeable.add(city);
            },
            () -> damaged.add(city));
  }

  /** Figures of every city, from disk. Safe for use by any thread. */
  public List<CityStatistics> statistics() throws BuildException {
    try {
      return CommitFigures.all(folder.path());
    } catch (IOException e) {
      throw new BuildException.WorkFailed(
          "the working folder %s can't be read: %s".formatted(folder.path(), e), e);
    }
  }

  /** Closes everything. What is not committed, merges included, is given up. */
  @Override
  public void close() {
    builders.close();
    takeUpOverdue();
    merges.close();
    // One that is stuck can't be closed: it would hold this up for as long as it is.
    Set<City> stuck = overdue().keySet();
    cities.values().stream()
        .filter(index -> !stuck.contains(index.city()))
        .forEach(CityIndex::close);
    settings.close();
  }

  /** A city's merges by its name: its index may be replaced while they wait. */
  private final class CityMerges implements MergeQueue.Job {
    private final City city;

    CityMerges(City city) {
      this.city = city;
    }

    @Override
    public OptionalLong due() throws IOException {
      return index(city).mergeDue();
    }

    @Override
    public void run(MergeTurn turn) throws IOException {
      // It would hold a thread of all merges up; once the city is taken up, it is merged again.
      if (!overdue().containsKey(city)) {
        touched(city).merge(turn);
      }
    }
  }

  private CityIndex touched(City city) {
    CityIndex index = index(city);
    open.use(index);
    return index;
  }

  private CityIndex index(City city) {
    return cities.computeIfAbsent(city, folder::empty);
  }

  private static BuildException failed(String attempt, City city, IOException e) {
    return new BuildException.WorkFailed("could not %s city %s: %s".formatted(attempt, city, e), e);
  }
}
