package freshet.replicator.command;

import org.jspecify.annotations.Nullable;

/** Names the exit code of a stage's failure. */
@FunctionalInterface
public interface FailureCodes {
  /** The code; null if this is no failure that it knows. */
  @Nullable ExitCode of(Exception failure);
}
