package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.config.LimitWishes;
import freshet.indexer.rebuild.RebuildLimits;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits of a rebuild that runs: those of the configuration's file as it is by now, over them
 * what its own command line says, over that what another one has said since ({@code bin/indexer
 * rebuild --limits}). Used by one thread at a time.
 */
final class RebuildLimitsNow {
  private static final Logger LOG = LoggerFactory.getLogger(RebuildLimitsNow.class);

  private final ConfigFollower follower;
  private final LimitWishes typed;
  private final Path file;
  private RebuildLimits configured;
  private LimitWishes later = LimitWishes.NONE;

  /**
   * Limits.
   *
   * @param config as it was read from its file just now
   * @param typed on this command line, which were checked
   * @param file where others write what they want
   */
  RebuildLimitsNow(IndexerConfig config, Path configFile, LimitWishes typed, Path file) {
    this.configured = config.rebuild();
    this.typed = typed;
    this.file = file;
    this.follower =
        new ConfigFollower(
            configFile,
            System.getenv(),
            "the section rebuild",
            changed -> configured = changed.rebuild());
  }

  /** As they are now. */
  RebuildLimits now() {
    follower.follow();
    LimitWishes before = later;
    try {
      later = read(file);
      RebuildLimits limits = typed.then(later).over(configured);
      if (!later.equals(before)) {
        LOG.info("the limits are {} from now on", RebuildText.of(limits));
      }
      return limits;
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} can't be read, the limits stay as they were: {}", file, e.toString());
      return typed.then(before).over(configured);
    }
  }

  /**
   * Wants other limits of the rebuild that runs, beside those that were wanted before.
   *
   * @param checked against any limits
   */
  static void want(Path file, LimitWishes checked) throws IOException {
    DurableFiles.write(file, SnapshotCodec.write(read(file).then(checked)));
  }

  private static LimitWishes read(Path file) throws IOException {
    try {
      return SnapshotCodec.read(Files.readAllBytes(file), LimitWishes.class, file.toString());
    } catch (NoSuchFileException e) {
      return LimitWishes.NONE;
    }
  }

  /** Forgets what was wanted of an earlier process. */
  static void forget(Path file) throws IOException {
    Files.deleteIfExists(file);
  }
}
