package freshet.replicator.publish;

import freshet.replicator.gate.GateLimits;
import freshet.replicator.repository.Retention;
import java.nio.file.Path;

/**
 * How to publish.
 *
 * @param stateFile in the master's working directory: what this master published last
 * @param fullManifestEvery a manifest that lists all cities is written at least this often
 * @param retention which snapshots stay
 * @param gate which cities are held
 */
public record PublishOptions(
    Path stateFile, int fullManifestEvery, Retention retention, GateLimits gate) {
  private static final int FULL_EVERY = 50;

  /** Checks the range. */
  public PublishOptions {
    if (fullManifestEvery < 1) {
      throw new IllegalArgumentException(
          "a full manifest comes every 1 or more publications, not " + fullManifestEvery);
    }
  }

  /** With the gate's defaults. */
  public PublishOptions(Path stateFile, int fullManifestEvery, Retention retention) {
    this(stateFile, fullManifestEvery, retention, GateLimits.DEFAULT);
  }

  /** The defaults: a full manifest every 50 publications, {@link Retention#DEFAULT}. */
  public static PublishOptions of(Path stateFile) {
    return new PublishOptions(stateFile, FULL_EVERY, Retention.DEFAULT);
  }
}
