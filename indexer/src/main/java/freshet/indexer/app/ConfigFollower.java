package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over some keys of the configuration's file while a process runs, so that a disk or a server
 * which is too busy by day is helped without a restart. Used by one thread at a time.
 */
final class ConfigFollower {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigFollower.class);

  private final Path file;
  private final Map<String, String> environment;
  private final String keys;
  private final Consumer<IndexerConfig> takeOver;
  private @Nullable FileTime seen;

  /**
   * Of a file that was read just now.
   *
   * @param keys that are followed, for people
   * @param takeOver takes them from the changed configuration
   */
  ConfigFollower(
      Path file, Map<String, String> environment, String keys, Consumer<IndexerConfig> takeOver) {
    this.file = file;
    this.environment = Map.copyOf(environment);
    this.keys = keys;
    this.takeOver = takeOver;
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
      takeOver.accept(IndexerConfig.read(file, environment));
      LOG.info("{} has changed: {} holds from now on, the rest after a restart", file, keys);
    } catch (ConfigException e) {
      LOG.warn("{} has changed and has problems, {} stays as it was: {}", file, keys, e, e);
    }
  }

  private @Nullable FileTime changed() {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      // An editor may be replacing it: the next look finds it.
      return null;
    }
  }
}
