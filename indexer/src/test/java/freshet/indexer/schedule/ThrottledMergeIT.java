package freshet.indexer.schedule;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.FaultyDirectories;
import freshet.indexer.merge.MergeFigures;
import freshet.indexer.merge.MergeHours;
import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Merges that may write 1 MB a second, on a clock that stands still: what they have written is
 * never paid, so that they are at work for as long as the test wants.
 */
@Timeout(120)
class ThrottledMergeIT {
  private static final long MEGABYTE = 1 << 20;
  private static final City X = new City("x");
  private static final City Y = new City("y");

  private final FakeChangeSource source = new FakeChangeSource();
  private final FaultyDirectories disk = new FaultyDirectories();
  private final ManualTime time = new ManualTime(Instant.parse("2026-03-01T12:00:00Z"));

  @TempDir Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    open(new MergeLimits(MEGABYTE, 1 << 30, MergeHours.ALWAYS));
  }

  @AfterEach
  void stop() throws IOException {
    master.close();
  }

  @Test
  void changesArePublishedWhileAMergeIsThrottled() throws Exception {
    beginMerge("x");
    source.put(1, "x", "changed while x is merged");
    source.put(1_000, "y", "changed elsewhere");

    master.cycle.run();
    master.cycle.run();

    assertThat(figures().running()).extracting(MergeFigures.Running::index).contains(X.folder());
    assertThat(figures().finished()).isZero();
    master.expectEqualTo(source);

    master.cities().limitMerges(MergeLimits.UNLIMITED);
    assertThat(master.cities().awaitMerges(soon())).isTrue();
    master.settle();

    assertThat(figures().finished()).isPositive();
    assertThat(figures().running()).isEmpty();
    assertThat(figures().bytesWritten()).isPositive();
    assertThat(segments(X)).isLessThan(4);
    master.expectEqualTo(source);
  }

  @Test
  void smallMergesOfTheSameCityGoOnBesideALargeOne() throws Exception {
    for (long commit = 0;
        figures().waiting().isEmpty() && figures().running().isEmpty();
        commit++) {
      for (long id = 0; id < 1_000; id++) {
        source.put(commit * 1_000 + id, "x", text(id));
      }
      master.cycle.run();
    }
    await(figures -> figures.running().stream().anyMatch(one -> one.written() > 0));
    MergeFigures.Running large = figures().running().getFirst();

    for (long change = 0; change < 40; change++) {
      source.put(change, "x", "changed beside the large merge");
      assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Published.class);
      payForAllBut(large);
      assertThat(segments(X)).as("after %d changes", change + 1).isLessThan(12);
    }

    assertThat(figures().running())
        .extracting(MergeFigures.Running::index, MergeFigures.Running::bytes)
        .containsExactly(tuple(X.folder(), large.bytes()));
    assertThat(figures().finished()).isGreaterThan(5);
    master.expectEqualTo(source);

    master.cities().endAdvertising();
    master.cities().limitMerges(MergeLimits.UNLIMITED);
    assertThat(master.cities().awaitMerges(soon())).isTrue();
    master.settle();
    assertThat(segments(X)).isLessThan(6);
    master.expectEqualTo(source);
  }

  /** Text that hardly any compression makes smaller. */
  private static String text(long seed) {
    return new SplittableRandom(seed).longs(60).mapToObj(Long::toHexString).collect(joining(" "));
  }

  /** Lets the clock go on, a little at a time, while smaller merges are at work or are due. */
  private void payForAllBut(MergeFigures.Running large) throws InterruptedException {
    await(
        figures -> {
          boolean areDone =
              figures.waiting().isEmpty()
                  && figures.running().stream().allMatch(one -> one.bytes() == large.bytes());
          if (!areDone) {
            time.advance(Duration.ofMillis(1));
          }
          return areDone;
        });
  }

  @Test
  void aThrottledMergeDelaysNoShutdown() throws Exception {
    beginMerge("x");
    master.close();
    open(MergeLimits.NONE);

    // What was due before is due again, though no row changed.
    master.cycle.run();
    assertThat(master.cities().awaitMerges(soon())).isTrue();
    master.settle();

    assertThat(figures().finished()).isPositive();
    master.expectEqualTo(source);
  }

  @Test
  void aThrottledMergeDelaysNoRollback() throws Exception {
    beginMerge("x");
    source.put(1, "x", "meets a full disk");
    disk.fail(X.folder());

    assertThat(master.cycle.run().behind()).containsExactly(X);

    disk.heal();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aMergeThatFailsLeavesTheCityAsItWasAndIsTriedAgain() throws Exception {
    beginMerge("x");
    disk.fail(X.folder());
    master.cities().limitMerges(MergeLimits.UNLIMITED);
    await(figures -> figures.failed() == 1);

    assertThat(figures().waiting())
        .singleElement()
        .satisfies(
            waiting ->
                assertThat(waiting.reason())
                    .startsWith("it failed (java.io.IOException: no space left on device: x/")
                    .endsWith(") and is tried again at 2026-03-01T12:01:00Z"));
    disk.heal();
    source.put(1, "x", "after the failure");
    master.settle();
    assertThat(figures().finished()).isZero();
    master.expectEqualTo(source);

    time.advance(Duration.ofMinutes(1));
    await(figures -> figures.finished() > 0 && figures.running().isEmpty());
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aLargeMergePausesForASmallerOne() throws Exception {
    beginMerge("x");
    for (long id = 0; id < 3; id++) {
      source.put(1_000 + id, "y", "small " + id);
      master.cycle.run();
    }

    await(figures -> figures.running().size() == 2);

    assertThat(figures().running())
        .extracting(MergeFigures.Running::index, MergeFigures.Running::isPaused)
        .startsWith(tuple(Y.folder(), false))
        .endsWith(tuple(X.folder(), true));
    master.cities().limitMerges(MergeLimits.UNLIMITED);
    assertThat(master.cities().awaitMerges(soon())).isTrue();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aBigMergeWaitsForItsHoursAndNobodyForIt() throws Exception {
    master.close();
    open(new MergeLimits(MergeLimits.UNLIMITED, 0, MergeHours.parse("22:00-04:00 UTC")));
    for (long id = 0; id < 4; id++) {
      source.put(id, "x", "before the hours " + id);
      master.cycle.run();
    }

    assertThat(master.cities().awaitMerges(soon())).isTrue();
    assertThat(figures().waiting())
        .singleElement()
        .satisfies(
            waiting ->
                assertThat(waiting.reason()).endsWith("it may begin at 2026-03-01T22:00:00Z"));
    assertThat(figures().finished()).isZero();

    time.advance(Duration.ofHours(10));
    await(figures -> figures.finished() > 0 && figures.running().isEmpty());
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aBigMergeThatHasBegunStopsWhenItsHoursEndAndBeginsAgain() throws Exception {
    master.close();
    open(new MergeLimits(MEGABYTE, 0, MergeHours.parse("11:00-13:00 UTC")));
    beginMerge("x");

    time.advance(Duration.ofHours(1));
    await(figures -> figures.running().isEmpty());

    assertThat(figures().waiting())
        .singleElement()
        .satisfies(
            waiting ->
                assertThat(waiting.reason()).endsWith("it may begin at 2026-03-02T11:00:00Z"));
    assertThat(figures().finished()).isZero();
    assertThat(figures().failed()).isZero();
    source.put(1, "x", "after it was stopped");
    master.settle();
    master.expectEqualTo(source);

    master.cities().limitMerges(MergeLimits.UNLIMITED);
    time.advance(Duration.ofHours(22));
    await(figures -> figures.finished() > 0 && figures.running().isEmpty());
    master.settle();
    master.expectEqualTo(source);
  }

  /** Changes a city until a merge of it runs that has written something. */
  private void beginMerge(String city) throws Exception {
    for (long commit = 0; commit < 3; commit++) {
      for (long id = 0; id < 50; id++) {
        source.put(commit * 50 + id, city, "title %d of %d".formatted(id, commit));
      }
      master.cycle.run();
    }
    await(figures -> figures.running().stream().anyMatch(one -> one.written() > 0));
  }

  private void await(Predicate<MergeFigures> condition) throws InterruptedException {
    Deadline deadline = soon();
    while (!condition.test(figures())) {
      assertThat(deadline.isPast()).as("still %s", figures()).isFalse();
      new StopSignal().await(Duration.ofMillis(5));
    }
  }

  private static Deadline soon() {
    return Deadline.after(new SystemTime(), Duration.ofSeconds(60));
  }

  private MergeFigures figures() {
    return master.cities().mergeFigures();
  }

  private int segments(City city) throws Exception {
    return master.cities().statistics().stream()
        .filter(one -> one.city().equals(city))
        .findFirst()
        .orElseThrow()
        .segments();
  }

  private void open(MergeLimits limits) throws Exception {
    master =
        Master.start(
            root,
            source,
            disk,
            time,
            FakeChangeSource.SCHEMA,
            new BuildOptions(1, 4, 16, false, new MergeOptions(1, 2, 1024, 1024, limits)));
  }
}
