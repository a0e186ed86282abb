package freshet.replicator.freshness;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Where an age arose. The stages add up to it exactly.
 *
 * @param replicaLag between the source and the replica that was polled
 * @param waitingForPoll since what is served was complete: nothing newer has been heard of
 * @param poll reading the database
 * @param build indexing and committing
 * @param publish linking, digesting, writing manifests
 * @param behind cycles that the city missed because it failed, was held, was paused or catches up
 * @param waitingForPull between publishing and the begin of the pull
 * @param pull fetching and verifying, also of what is being fetched now
 * @param switching opening and warming
 */
public record StageAges(
    Duration replicaLag,
    Duration waitingForPoll,
    Duration poll,
    Duration build,
    Duration publish,
    Duration behind,
    Duration waitingForPull,
    Duration pull,
    @JsonProperty("switch") Duration switching) {
  /** Of an age that is not known. */
  public static final StageAges NONE =
      new StageAges(
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO);

  /** The sum of all. */
  public Duration total() {
    return Arrays.stream(AgeStage.values())
        .map(stage -> stage.of(this))
        .reduce(Duration.ZERO, Duration::plus);
  }

  /** In the order of the way, such as {@code waiting for poll 1.2 s, poll 12 ms}. */
  public String sentence() {
    return Arrays.stream(AgeStage.values())
        .filter(stage -> stage.of(this).toMillis() > 0)
        .map(stage -> "%s %s".formatted(stage.words(), Words.duration(stage.of(this))))
        .collect(Collectors.joining(", "));
  }

  /** The same after so much longer without news. */
  public StageAges waitingLonger(Duration more) {
    return new StageAges(
        replicaLag,
        waitingForPoll,
        poll,
        build,
        publish,
        behind,
        waitingForPull.plus(more),
        pull,
        switching);
  }
}
