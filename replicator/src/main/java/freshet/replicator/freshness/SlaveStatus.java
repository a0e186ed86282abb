package freshet.replicator.freshness;

import freshet.replicator.pause.Pause;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a slave says of itself: the one record behind its status page, its command line and its
 * report to the master. Written and read as JSON by SnapshotCodec.
 *
 * @param name of the slave
 * @param at when, by its wall clock
 * @param generation that it serves; null if none
 * @param documents that it serves
 * @param subset of the cities that it takes; null if it takes all, or by more globs than a report
 *     has room for
 * @param age how old they are
 * @param canary what a search for the canary says of that; null if none is configured
 * @param waitsFor one sentence
 * @param lastPull what came of the last pull, one sentence; null before the first
 * @param lastPullAt when that ended; null before the first
 * @param fetchedBytes that its pulls brought since it was started
 * @param replayedBytes of merged segments that were made there instead, since it was started
 * @param merges what becomes of merged segments at the moment, and why, one sentence; null where no
 *     slave runs
 * @param freeBytes on the disk of its store
 * @param paused what keeps pulls from beginning, by whose word and until when; null if nothing does
 * @param findings what is not as it should be, though pulls work
 * @param told causes of the incidents that it has told somebody of and that last; null if its
 *     messages reach nobody, so that its remote has to tell
 */
public record SlaveStatus(
    String name,
    Instant at,
    @Nullable Generation generation,
    long documents,
    @Nullable CitySubset subset,
    AgeReport age,
    @Nullable CanaryReport canary,
    String waitsFor,
    @Nullable String lastPull,
    @Nullable Instant lastPullAt,
    long fetchedBytes,
    long replayedBytes,
    @Nullable String merges,
    long freeBytes,
    @Nullable Pause paused,
    List<String> findings,
    @Nullable List<String> told,
    @Nullable List<Pause> pausedCities,
    @Nullable List<CityAge> cities) {
  /** What a report has room for, whatever reasons people give. */
  public static final int MOST_PAUSES = 5;

  /** Copies the lists. */
  public SlaveStatus {
    findings = List.copyOf(findings);
    told = told == null ? null : List.copyOf(told);
    pausedCities = pausedCities == null ? null : List.copyOf(pausedCities);
    cities = cities == null ? null : List.copyOf(cities);
  }

  /** The same with these cities, since they were asked for. */
  public SlaveStatus withCities(List<CityAge> asked) {
    return new SlaveStatus(
        name,
        at,
        generation,
        documents,
        subset,
        age,
        canary,
        waitsFor,
        lastPull,
        lastPullAt,
        fetchedBytes,
        replayedBytes,
        merges,
        freeBytes,
        paused,
        findings,
        told,
        pausedCities,
        asked);
  }
}
