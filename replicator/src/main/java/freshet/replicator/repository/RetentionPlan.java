package freshet.replicator.repository;

import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
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
   * The snapshots that stay, and all bases that they stand on, each with every reason.
   *
   * @param known every manifest that there is
   * @param latest what LATEST names
   * @param pinned by people
   * @param leased by those who are fetching them
   */
  static NavigableMap<Generation, Set<Why>> keep(
      NavigableMap<Generation, Known> known,
      Generation latest,
      Set<Generation> pinned,
      Set<Generation> leased,
      Retention retention,
      Instant now) {
    NavigableMap<Generation, Set<Why>> kept = new TreeMap<>();
    Instant horizon = now.minus(retention.keepFor());
    Collection<Generation> hourly =
        firsts(known, ChronoUnit.HOURS, now.minus(retention.keepHourly()));
    Collection<Generation> daily = firsts(known, ChronoUnit.DAYS, now.minus(retention.keepDaily()));
    int newest = 0;
    for (Generation generation : known.descendingKeySet()) {
      Set<Why> why = EnumSet.noneOf(Why.class);
      Map.Entry<Generation, Known> next = known.higherEntry(generation);
      if (generation.isAfter(latest)) {
        why.add(Why.AHEAD);
      } else if (generation.equals(latest)) {
        why.add(Why.LATEST);
      } else if (++newest < retention.keepNewest()) {
        why.add(Why.NEWEST);
      }
      if (next == null || next.getValue().created().isAfter(horizon)) {
        why.add(Why.RECENT);
      }
      addIf(pinned, generation, why, Why.PINNED);
      addIf(leased, generation, why, Why.LEASED);
      addIf(hourly, generation, why, Why.HOURLY);
      addIf(daily, generation, why, Why.DAILY);
      if (!why.isEmpty()) {
        kept.merge(generation, why, RetentionPlan::union);
        addBases(kept, known, generation);
      }
    }
    return kept;
  }

  /** The same while nobody knows who was fetching what: all snapshots stay. */
  static NavigableMap<Generation, Set<Why>> awaiting(
      NavigableMap<Generation, Known> known, NavigableMap<Generation, Set<Why>> kept) {
    NavigableMap<Generation, Set<Why>> all = new TreeMap<>(kept);
    for (Generation generation : known.keySet()) {
      all.merge(generation, EnumSet.of(Why.AWAITED), RetentionPlan::union);
    }
    return all;
  }

  /**
   * What may go all the same when the repository is too large, in the order in which it goes: a
   * full list with the changes over it at once, oldest list first. Of each the newest goes first,
   * so that no manifest ever stands without its base.
   */
  static List<List<Generation>> thinning(
      NavigableMap<Generation, Known> known, SortedMap<Generation, Set<Why>> kept) {
    Set<Generation> firm = new HashSet<>();
    kept.forEach(
        (generation, why) -> {
          if (why.stream().anyMatch(Why::isFirm)) {
            addChain(firm, known, generation);
          }
        });
    SortedMap<Generation, List<Generation>> byList = new TreeMap<>();
    for (Generation generation : known.descendingKeySet()) {
      if (kept.containsKey(generation) && !firm.contains(generation)) {
        byList
            .computeIfAbsent(listOf(known, generation), list -> new ArrayList<>())
            .add(generation);
      }
    }
    return List.copyOf(byList.values());
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

  private static void addIf(
      Collection<Generation> all, Generation generation, Set<Why> why, Why reason) {
    if (all.contains(generation)) {
      why.add(reason);
    }
  }

  private static Set<Why> union(Set<Why> one, Set<Why> other) {
    Set<Why> both = EnumSet.copyOf(one);
    both.addAll(other);
    return both;
  }

  private static void addBases(
      SortedMap<Generation, Set<Why>> kept,
      NavigableMap<Generation, Known> known,
      Generation generation) {
    Generation at = baseOf(known, generation);
    while (at != null && !kept.containsKey(at)) {
      kept.put(at, EnumSet.of(Why.BASE));
      at = baseOf(known, at);
    }
  }

  private static void addChain(
      Set<Generation> all, NavigableMap<Generation, Known> known, Generation generation) {
    @Nullable Generation at = generation;
    while (at != null && all.add(at)) {
      at = baseOf(known, at);
    }
  }

  /** The full list, or the oldest manifest that is still there, that a snapshot stands on. */
  private static Generation listOf(NavigableMap<Generation, Known> known, Generation generation) {
    Generation at = generation;
    for (Generation base = baseOf(known, at); base != null; base = baseOf(known, at)) {
      at = base;
    }
    return at;
  }

  private static @Nullable Generation baseOf(
      NavigableMap<Generation, Known> known, Generation generation) {
    Known manifest = known.get(generation);
    return manifest == null ? null : manifest.base();
  }
}
