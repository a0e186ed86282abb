package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over {@code merge.max_rate} from the configuration's file while the daemon runs, so that a
 * disk which is too busy by day is helped without a restart. Used by one thread at a time.
 */
final class MergeRate {
  private static final Logger LOG = LoggerFactory.getLogger(MergeRate.class);

  private final Path file;
  private final Map<String, String> environment;
  private final LongConsumer limit;
  private @Nullable FileTime seen;

  /** Of a file that was read just now. */
  MergeRate(Path file, Map<String, String> environment, LongConsumer limit) {
    this.file = file;
    this.environment = Map.copyOf(environment);
    this.limit = limit;
    this.seen = changed();
  }

  /** Reads the file if it has changed since the last look. One with problems changes nothing. */
  void follow() {
    FileTime now = changed();
    if (now == null || now.equals(seen)) {
      return;
    }
    seen = now;
    try {
      limit.accept(
          IndexerConfig.read(file, environment).build().merge().limits().maxBytesPerSecond());
      LOG.info("{} has changed: merge.max_rate holds from now on, the rest after a restart", file);
    } catch (ConfigException e) {
      LOG.warn("{} has changed and has problems, merge.max_rate stays as it was: {}", file, e, e);
    }
  }

  private @Nullable FileTime changed() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      // An editor may be replacing it: the next cycle looks again.
      return null;
    }
  }
}
