package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityStatistics;
import freshet.replicator.snapshot.Generation;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Figures of all working indexes, read again once something was published. Thread-safe. */
final class LatestStatistics {
  private static final Logger LOG = LoggerFactory.getLogger(LatestStatistics.class);

  private final Reading reading;
  private final Supplier<Optional<Generation>> published;
  private @Nullable Generation readAt;
  private List<CityStatistics> last = List.of();

  /** Reads them from disk. */
  interface Reading {
    List<CityStatistics> run() throws BuildException;
  }

  LatestStatistics(Reading reading, Supplier<Optional<Generation>> published) {
    this.reading = reading;
    this.published = published;
  }

  synchronized List<CityStatistics> read() {
    Generation now = published.get().orElse(null);
    if (now == null || !now.equals(readAt)) {
      try {
        last = reading.run();
        readAt = now;
      } catch (BuildException e) {
        LOG.warn("the figures of the cities stay those of generation {}", readAt, e);
      }
    }
    return last;
  }
}
