package freshet.replicator.repository;

import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which of a repository's snapshots stay. Pure. */
final class RetentionPlan {
  private RetentionPlan() {}

  /**
   * A snapshot's manifest, as far as it matters here.
   *
   * @param created when, by the master's clock
   * @param base what it changes; null for a full list
   */
  record Known(Instant created, @Nullable Generation base) {}

  /**
   * The snapshots that stay, and all bases that they stand on.
   *
   * @param known every manifest that there is
   * @param latest what LATEST names
   * @param pinned by people
   */
  static Set<Generation> keep(
      NavigableMap<Generation, Known> known,
      Generation latest,
      Set<Generation> pinned,
      Retention retention,
      Instant now) {
    Set<Generation> kept = new TreeSet<>();
    Instant horizon = now.minus(retention.keepFor());
    Set<Generation> thinned = new TreeSet<>();
    thinned.addAll(firsts(known, ChronoUnit.HOURS, now.minus(retention.keepHourly())));
    thinned.addAll(firsts(known, ChronoUnit.DAYS, now.minus(retention.keepDaily())));
    int newest = 0;
    for (Generation generation : known.descendingKeySet()) {
      // What comes after LATEST is just being published, or pulled.
      boolean isAhead = !latest.isAfter(generation);
      boolean isNew = isAhead || ++newest < retention.keepNewest();
      Map.Entry<Generation, Known> next = known.higherEntry(generation);
      boolean wasCurrent = next == null || next.getValue().created().isAfter(horizon);
      if (isNew || wasCurrent || pinned.contains(generation) || thinned.contains(generation)) {
        addWithBases(kept, known, generation);
      }
    }
    return kept;
  }

  /**
   * The first snapshot of each hour or day since then that is a full list, since a change keeps all
   * of its bases; where there is none, the first.
   */
  private static Collection<Generation> firsts(
      NavigableMap<Generation, Known> known, ChronoUnit unit, Instant since) {
    Map<Instant, Generation> firsts = new HashMap<>();
    known.forEach(
        (generation, manifest) ->
            firsts.merge(
                manifest.created().truncatedTo(unit),
                generation,
                (first, later) -> isFull(known, first) || !isFull(known, later) ? first : later));
    firsts.keySet().removeIf(start -> !start.isAfter(since));
    return firsts.values();
  }

  private static boolean isFull(NavigableMap<Generation, Known> known, Generation generation) {
    Known manifest = known.get(generation);
    return manifest != null && manifest.base() == null;
  }

  private static void addWithBases(
      Set<Generation> kept, NavigableMap<Generation, Known> known, Generation generation) {
    @Nullable Generation at = generation;
    while (at != null && kept.add(at)) {
      Known manifest = known.get(at);
      at = manifest == null ? null : manifest.base();
    }
  }
}
