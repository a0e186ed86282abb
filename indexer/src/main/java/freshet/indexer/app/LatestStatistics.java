package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.CityStatistics;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Figures of all working indexes, read again once something was published. Thread-safe. */
final class LatestStatistics {
  private static final Logger LOG = LoggerFactory.getLogger(LatestStatistics.class);

  private final Supplier<CityIndexes> cities;
  private final SnapshotPublisher publisher;
  private @Nullable Generation readAt;
  private List<CityStatistics> last = List.of();

  LatestStatistics(Supplier<CityIndexes> cities, SnapshotPublisher publisher) {
    this.cities = cities;
    this.publisher = publisher;
  }

  synchronized List<CityStatistics> read() {
    Generation now = publisher.current().map(Snapshot::generation).orElse(null);
    if (now == null || !now.equals(readAt)) {
      try {
        last = cities.get().statistics();
        readAt = now;
      } catch (BuildException e) {
        LOG.warn("the figures of the cities stay those of generation {}", readAt, e);
      }
    }
    return last;
  }
}
