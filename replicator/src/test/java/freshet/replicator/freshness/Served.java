package freshet.replicator.freshness;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CycleTimes;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Snapshots and advertisements as values, for tests of ages. */
public final class Served {
  private static final Digest DIGEST = Digest.ofText("it");
  private static final RepositoryId REPOSITORY = new RepositoryId("00ff00ff00ff00ff");

  private Served() {}

  /** A snapshot of these cities, each complete up to then when it was built; null for never. */
  public static Snapshot snapshot(@Nullable Instant readThrough, String... cities) {
    List<CityEntry> entries =
        Arrays.stream(cities)
            .map(
                name ->
                    new CityEntry(
                        new City(name),
                        new Incarnation("0123456789abcdef"),
                        1,
                        DIGEST,
                        10,
                        100,
                        readThrough,
                        null))
            .toList();
    return Snapshot.full(
        new SnapshotManifest(
            1,
            1,
            REPOSITORY,
            new Generation(1, 7),
            null,
            null,
            Instant.EPOCH,
            "10.6.0",
            DIGEST,
            SourcePosition.START,
            entries,
            List.of(),
            null),
        DIGEST);
  }

  /** LATEST, naming that snapshot. */
  public static Advertisement advertisement(
      Instant advertisedAt,
      @Nullable Instant readThrough,
      Map<City, @Nullable Instant> exceptions,
      @Nullable DatabaseClock clock,
      @Nullable CycleTimes times) {
    return new Advertisement(
        1,
        1,
        REPOSITORY,
        new Generation(1, 7),
        DIGEST,
        advertisedAt,
        readThrough,
        exceptions,
        clock,
        times,
        List.of(),
        null,
        null);
  }
}
