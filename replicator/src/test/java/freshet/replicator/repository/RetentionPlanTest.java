package freshet.replicator.repository;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.Generation;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RetentionPlanTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void theNewestStayWhateverTheirAge() {
    assertThat(keep(9, new Retention(3, Duration.ZERO), NOON.plusSeconds(1000)))
        .isEqualTo(generations(7, 8, 9));
  }

  @Test
  void whatWasCurrentWithinTheTimeStays() {
    // Number n is current from second n on: at second 9.5, 7 ended 1.5 s ago.
    assertThat(keep(9, new Retention(1, Duration.ofSeconds(1)), NOON.plusMillis(9500)))
        .isEqualTo(generations(8, 9));
    assertThat(keep(9, new Retention(1, Duration.ofSeconds(2)), NOON.plusMillis(9500)))
        .isEqualTo(generations(7, 8, 9));
  }

  @Test
  void latestAndWhatIsAheadOfItStay() {
    assertThat(keep(6, new Retention(1, Duration.ZERO), NOON.plusSeconds(1000)))
        .isEqualTo(generations(6, 7, 8, 9));
  }

  @Test
  void pinsStayWithTheirBases() {
    assertThat(keep(9, new Retention(1, Duration.ZERO), NOON.plusSeconds(1000), 3))
        .isEqualTo(generations(1, 2, 3, 9));
  }

  @Test
  void eachSaysWhyItStays() {
    Map<Generation, Set<Why>> kept =
        RetentionPlan.keep(
            nine(),
            new Generation(1, 8),
            generations(3),
            generations(5, 8),
            new Retention(2, Duration.ZERO),
            NOON.plusSeconds(1000));
    assertThat(kept)
        .isEqualTo(
            Map.of(
                new Generation(1, 9), Set.of(Why.AHEAD, Why.RECENT),
                new Generation(1, 8), Set.of(Why.LATEST, Why.LEASED),
                new Generation(1, 7), Set.of(Why.NEWEST),
                new Generation(1, 5), Set.of(Why.LEASED),
                new Generation(1, 3), Set.of(Why.PINNED),
                new Generation(1, 2), Set.of(Why.BASE),
                new Generation(1, 1), Set.of(Why.BASE)));
  }

  @Test
  void whileHoldersAreAwaitedAllStayAndNothingIsThinned() {
    TreeMap<Generation, RetentionPlan.Known> known = nine();
    NavigableMap<Generation, Set<Why>> kept =
        RetentionPlan.awaiting(
            known,
            RetentionPlan.keep(
                known,
                new Generation(1, 9),
                Set.of(),
                Set.of(),
                new Retention(1, Duration.ZERO),
                NOON.plusSeconds(1000)));
    assertThat(kept.keySet()).isEqualTo(known.keySet());
    assertThat(kept)
        .containsEntry(new Generation(1, 9), Set.of(Why.LATEST, Why.RECENT, Why.AWAITED))
        .containsEntry(new Generation(1, 4), Set.of(Why.AWAITED));
    assertThat(RetentionPlan.thinning(known, kept)).isEmpty();
  }

  @Test
  void aRepositoryThatIsTooLargeIsThinnedByListsOldestFirst() {
    // 1 is a full list that 2 and 3 change, the others are full.
    assertThat(thinning(Set.of(), Set.of()))
        .isEqualTo(List.of(list(3, 2, 1), list(4), list(5), list(6), list(7), list(8)));
    assertThat(thinning(generations(2), generations(5)))
        .isEqualTo(List.of(list(3), list(4), list(6), list(7), list(8)));
    assertThat(thinning(generations(3), Set.of()).getFirst()).isEqualTo(list(4));
  }

  private static List<List<Generation>> thinning(Set<Generation> pinned, Set<Generation> leased) {
    TreeMap<Generation, RetentionPlan.Known> known = nine();
    return RetentionPlan.thinning(
        known,
        RetentionPlan.keep(
            known,
            new Generation(1, 9),
            pinned,
            leased,
            new Retention(100, Duration.ZERO),
            NOON.plusSeconds(1000)));
  }

  private static List<Generation> list(int... numbers) {
    return Arrays.stream(numbers).mapToObj(n -> new Generation(1, n)).toList();
  }

  @Test
  void olderOnesAreThinnedToOneAnHourAndThenOneADay() {
    // One every 20 minutes over three days, each a full list.
    TreeMap<Generation, RetentionPlan.Known> known = new TreeMap<>();
    int count = 3 * 24 * 3;
    for (int n = 1; n <= count; n++) {
      Instant created = NOON.plus(Duration.ofMinutes(20L * n));
      known.put(new Generation(1, n), new RetentionPlan.Known(created, null));
    }
    Instant now = NOON.plus(Duration.ofMinutes(20L * count + 1));
    Retention retention =
        new Retention(1, Duration.ofHours(1), Duration.ofHours(6), Duration.ofDays(2));

    Set<Generation> kept =
        RetentionPlan.keep(known, new Generation(1, count), Set.of(), Set.of(), retention, now)
            .keySet();

    // 4 of the last hour, 5 firsts of earlier hours that are not among them, 2 firsts of days.
    assertThat(kept.stream().map(Generation::number))
        .containsExactlyInAnyOrder(
            (long) count,
            count - 1L,
            count - 2L,
            count - 3L,
            count - 6L,
            count - 9L,
            count - 12L,
            count - 15L,
            count - 36L,
            count - 108L);
  }

  @Test
  void ofAnHourTheFirstFullListStaysSinceItHasNoBases() {
    TreeMap<Generation, RetentionPlan.Known> known = new TreeMap<>();
    for (int n = 1; n <= 12; n++) {
      // 1, 4, 7 and 10 are full; hours begin with 1, 6 and 11.
      Generation base = n % 3 == 1 ? null : new Generation(1, n - 1);
      Instant created = NOON.plus(Duration.ofMinutes(12L * (n - 1)));
      known.put(new Generation(1, n), new RetentionPlan.Known(created, base));
    }
    Retention retention = new Retention(1, Duration.ZERO, Duration.ofHours(6), Duration.ofDays(0));

    Set<Generation> kept =
        RetentionPlan.keep(
                known,
                new Generation(1, 12),
                Set.of(),
                Set.of(),
                retention,
                NOON.plus(Duration.ofHours(3)))
            .keySet();

    assertThat(kept).isEqualTo(generations(1, 7, 10, 11, 12));
  }

  /** Nine snapshots, one a second; 2 and 3 are changes of the one before. */
  private static Set<Generation> keep(
      int latest, Retention retention, Instant now, Integer... pinned) {
    TreeMap<Generation, RetentionPlan.Known> known = nine();
    List<Generation> pins = Arrays.stream(pinned).map(n -> new Generation(1, n)).toList();
    return RetentionPlan.keep(
            known, new Generation(1, latest), Set.copyOf(pins), Set.of(), retention, now)
        .keySet();
  }

  private static TreeMap<Generation, RetentionPlan.Known> nine() {
    TreeMap<Generation, RetentionPlan.Known> known = new TreeMap<>();
    for (int n = 1; n <= 9; n++) {
      Generation base = n > 3 || n == 1 ? null : new Generation(1, n - 1);
      known.put(new Generation(1, n), new RetentionPlan.Known(NOON.plusSeconds(n), base));
    }
    return known;
  }

  private static Set<Generation> generations(int... numbers) {
    return Set.copyOf(Arrays.stream(numbers).mapToObj(n -> new Generation(1, n)).toList());
  }
}
