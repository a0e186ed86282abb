package freshet.indexer.demo;

import freshet.indexer.demo.data.ChangeKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What has to have happened for a demo to prove anything. Pure. */
final class Problems {
  private Problems() {}

  /**
   * What did not happen.
   *
   * @param changes how many of each kind were committed
   * @param rescued documents that the overlap found
   * @param lateHold how long late transactions stay open
   */
  static List<String> of(Map<ChangeKind, Long> changes, long rescued, Duration lateHold) {
    List<String> problems = new ArrayList<>();
    for (ChangeKind kind : ChangeKind.values()) {
      if (changes.getOrDefault(kind, 0L) == 0) {
        problems.add(
            "there were no %s: the duration is too short, or the rate too low"
                .formatted(kind.plural()));
      }
    }
    if (rescued == 0) {
      problems.add(
          changes.getOrDefault(ChangeKind.LATE, 0L) == 0
              ? "no row was rescued by the overlap: the duration is too short for a transaction"
                  + " that stays open for "
                  + lateHold.toMillis()
                  + " ms"
              : "no row was rescued by the overlap, though transactions committed late: either no"
                  + " poll came between stamp and commit, or late rows get lost");
    }
    return problems;
  }
}
