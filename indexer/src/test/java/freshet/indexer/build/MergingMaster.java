package freshet.indexer.build;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.route.CityBatch;
import freshet.indexer.source.Change;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.publish.CityCommit;
import freshet.replicator.publish.FreshnessClaim;
import freshet.replicator.publish.PublishException;
import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.PublishRequest;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One city that changes at random, merged while it changes, each commit published. */
final class MergingMaster implements AutoCloseable {
  static final City X = new City("x");
  private static final int IDS = 600;

  private final SystemTime time = new SystemTime();
  private final Random random;
  private final IndexSchema schema;
  private final Path root;
  private final CityIndexes cities;
  private final SnapshotPublisher publisher;
  private long version;

  MergingMaster(Path folder, Random random, boolean bestCompression, int segmentsPerTier)
      throws Exception {
    this.random = random;
    this.schema = RandomDocuments.schema(random);
    this.root = folder.resolve("repository");
    MergeOptions merging = new MergeOptions(2, segmentsPerTier, 1, 1024, MergeLimits.NONE);
    this.cities =
        CityIndexes.open(
            folder.resolve("work"),
            new BuildOptions(2, 4, 16, bestCompression, merging),
            schema,
            random,
            time);
    this.publisher =
        SnapshotPublisher.open(
            new LocalRepository(new RepositoryLayout(root)),
            PublishOptions.of(folder.resolve("state.json")),
            time,
            random);
  }

  Path root() {
    return root;
  }

  Snapshot current() {
    return publisher.current().orElseThrow();
  }

  /** Changes and publishes the city, and lets merges begin. */
  void change() throws Exception {
    version++;
    CityOutcome outcome = cities.apply(Map.of(X, batch()), city -> position()).get(X);
    if (outcome instanceof CityOutcome.Committed done) {
      publish(done.commit());
    } else {
      assertThat(outcome).isInstanceOf(CityOutcome.Unchanged.class);
    }
    cities.startMerges();
  }

  /** Waits for merges that have begun. */
  void awaitMerges() throws Exception {
    assertThat(cities.awaitMerges(Deadline.after(time, Duration.ofSeconds(60)))).isTrue();
  }

  /** Publishes merges that have ended. */
  boolean publishMerges() throws Exception {
    List<CityCommit> commits = cities.commitMerges();
    for (CityCommit commit : commits) {
      publish(commit);
    }
    return !commits.isEmpty();
  }

  @Override
  public void close() {
    cities.close();
    publisher.close();
  }

  private void publish(CityCommit commit) throws PublishException {
    publisher.publish(
        new PublishRequest(
            List.of(commit), List.of(), schema, commit.position(), Map.of(), FreshnessClaim.NONE));
    cities.release(commit);
  }

  private CityBatch batch() {
    TreeMap<Long, Boolean> ids = new TreeMap<>();
    for (int i = random.nextInt(random.nextInt(8) == 0 ? 200 : 20); i >= 0; i--) {
      ids.put((long) random.nextInt(IDS), random.nextInt(6) == 0);
    }
    List<Change.Upsert> upserts = new ArrayList<>();
    List<Change.Deletion> deletions = new ArrayList<>();
    ids.forEach(
        (id, isDeleted) -> {
          DocumentKey key = schema.keyCodec().encode(List.of(id));
          if (isDeleted) {
            deletions.add(new Change.Deletion(key, Change.Origin.TOMBSTONE));
          } else {
            List<Object> values = RandomDocuments.values(random, schema);
            upserts.add(
                new Change.Upsert(
                    SourceDocument.of(key, version, X, values), Change.Origin.CURSOR));
          }
        });
    return new CityBatch(X, upserts, deletions);
  }

  private SourcePosition position() {
    Cursor cursor = new Cursor(version, schema.keyCodec().encode(List.of(0L)));
    return new SourcePosition("", "", cursor, cursor, Map.of());
  }
}
