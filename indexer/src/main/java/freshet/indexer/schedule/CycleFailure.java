package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.session.SourceException;
import freshet.replicator.publish.PublishException;

/** Ends a cycle early. Never leaves this package: it becomes a {@link CycleOutcome.Failed}. */
final class CycleFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final CycleOutcome.Stage stage;
  private final Exception reason;

  CycleFailure(CycleOutcome.Stage stage, Exception reason) {
    super(reason);
    this.stage = stage;
    this.reason = reason;
  }

  CycleOutcome.Failed outcome() {
    boolean isTransient =
        switch (reason) {
          case SourceException e -> e.isTransient();
          case BuildException e -> e.isTransient();
          case PublishException e -> e.isTransient();
          default -> true;
        };
    return new CycleOutcome.Failed(
        stage, reason.getClass().getSimpleName(), reason.getMessage() + fix(), isTransient, reason);
  }

  /** What helps, beyond what the stage could know. */
  private String fix() {
    return reason instanceof SourceException.SchemaError
        ? "; if a column was dropped or renamed, take it out of the configuration and build by that"
            + " with: bin/indexer rebuild --all; if it comes back, polls go on by themselves"
        : "";
  }
}
