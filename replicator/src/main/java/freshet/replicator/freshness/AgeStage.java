package freshet.replicator.freshness;

import java.time.Duration;
import java.util.Locale;

/** The stages that an age is divided into; see {@link StageAges}. */
public enum AgeStage {
  /** Between the source and the replica. */
  REPLICA_LAG,
  /** Since what is served was complete. */
  WAITING_FOR_POLL,
  /** Reading the database. */
  POLL,
  /** Indexing and committing. */
  BUILD,
  /** Linking, digesting, writing manifests. */
  PUBLISH,
  /** Cycles that the city missed. */
  BEHIND,
  /** Between publishing and the begin of the pull. */
  WAITING_FOR_PULL,
  /** Fetching and verifying. */
  PULL,
  /** Opening and warming. */
  SWITCH;

  /** Its part of an age. */
  public Duration of(StageAges stages) {
    return switch (this) {
      case REPLICA_LAG -> stages.replicaLag();
      case WAITING_FOR_POLL -> stages.waitingForPoll();
      case POLL -> stages.poll();
      case BUILD -> stages.build();
      case PUBLISH -> stages.publish();
      case BEHIND -> stages.behind();
      case WAITING_FOR_PULL -> stages.waitingForPull();
      case PULL -> stages.pull();
      case SWITCH -> stages.switching();
    };
  }

  /** As labels of metrics have it, such as {@code waiting_for_poll}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people, such as {@code waiting for poll}. */
  public String words() {
    return label().replace('_', ' ');
  }
}
