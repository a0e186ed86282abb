package freshet.replicator.freshness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.pause.FrozenCity;
import freshet.replicator.pause.Pause;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeWatchTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration SKEW = Duration.ofSeconds(1);

  /**
   * A slave with a drifting clock that steps, a master whose advertisements come late, round trips
   * of any length, silence: the report is compared with the truth after each event.
   */
  @Property(tries = 300)
  void theReportedAgeIsNeverBelowTheTrueOne(@ForAll long seed, @ForAll boolean hasLiveMaster) {
    World world = new World(new Random(seed));
    AgeWatch watch = new AgeWatch(SKEW);
    ClockEstimate master = null;
    ServedState served = world.hear();
    AgeReport before = null;
    ClockReading beforeAt = null;
    for (int i = 0; i < 40; i++) {
      boolean isSameAsBefore = true;
      switch (world.random.nextInt(5)) {
        case 0 -> world.pass(Duration.ofMillis(world.random.nextInt(10_000)));
        case 1 -> world.pass(Duration.ofSeconds(world.random.nextInt(20_000)));
        case 2 -> world.step();
        case 3 -> {
          if (hasLiveMaster) {
            master = ClockEstimate.better(master, world.ask());
            isSameAsBefore = false;
          }
        }
        default -> {
          served = world.hear();
          isSameAsBefore = false;
        }
      }
      ClockReading now = world.slave();
      AgeReport report = watch.look(served, null, master, now);

      Duration reported = ((Age.Known) report.age()).atMost();
      Instant complete = served.advertisement().readThrough();
      assertThat(reported)
          .as("seed %d, event %d", seed, i)
          .isGreaterThanOrEqualTo(Duration.between(complete, world.database()));
      assertThat(report.stages().total()).isEqualTo(reported);
      if (before != null && beforeAt != null && isSameAsBefore) {
        assertThat(reported)
            .isGreaterThanOrEqualTo(((Age.Known) before.age()).atMost().plus(now.since(beforeAt)));
      }
      before = report;
      beforeAt = now;
    }
  }

  @Test
  void withALiveMasterTheAgeIsRightWithinItsUncertaintyHoweverWrongTheClocksAre() {
    ClockReading now = new ClockReading(NOON.plus(Duration.ofDays(400)), 5);
    // The master is a minute ahead of the truth, the database a second ahead of the master.
    ClockEstimate master =
        new ClockEstimate(Duration.ofDays(-400).plusSeconds(60), Duration.ofMillis(3), now);
    ServedState served =
        served(
            now,
            NOON.plusSeconds(50),
            NOON.plusSeconds(51),
            new DatabaseClock(Duration.ofSeconds(1), Duration.ofMillis(2)));

    AgeReport report = new AgeWatch(SKEW).look(served, null, master, now);

    assertThat(report.age()).isEqualTo(new Age.Known(Duration.ofMillis(11_005)));
    assertThat(report.clock()).isEqualTo("the master's clock within 3 ms, measured 0 ms ago");
  }

  @Test
  void withoutAMasterTheWallClockCountsPlusTheSkew() {
    ClockReading started = new ClockReading(NOON.plus(Duration.ofHours(2)), 0);
    ServedState served = served(started, NOON, NOON, null);

    AgeReport report =
        new AgeWatch(SKEW)
            .look(served, null, null, new ClockReading(NOON.plus(Duration.ofHours(2)), 0));

    assertThat(report.age()).isEqualTo(new Age.Known(Duration.ofHours(2).plus(SKEW)));
    assertThat(report.clock()).isEqualTo("this host's clock, trusted within 1.0 s");
  }

  @Test
  void aSilentMasterMakesTheAgeGrow() {
    AgeWatch watch = new AgeWatch(SKEW);
    ClockReading heard = new ClockReading(NOON, 0);
    ServedState served = served(heard, NOON, NOON, null);
    Duration last = Duration.ZERO;
    for (int hours = 1; hours < 5; hours++) {
      ClockReading now =
          new ClockReading(NOON.minus(Duration.ofDays(hours)), Duration.ofHours(hours).toNanos());
      Duration age = ((Age.Known) watch.look(served, null, null, now).age()).atMost();
      assertThat(age).isGreaterThanOrEqualTo(last.plus(Duration.ofHours(1)));
      last = age;
    }
  }

  @Test
  void aQuietCityIsNotStale() {
    ClockReading now = new ClockReading(NOON.plusSeconds(2), 0);
    Snapshot old = Served.snapshot(NOON.minus(Duration.ofDays(30)), "akron", "berlin");
    Advertisement fresh =
        Served.advertisement(
            NOON, NOON, Map.of(), new DatabaseClock(Duration.ZERO, Duration.ZERO), null);
    ClockEstimate master = new ClockEstimate(Duration.ZERO, Duration.ZERO, now);

    AgeReport report =
        new AgeWatch(SKEW).look(new ServedState(old, fresh, now, null), null, master, now);

    assertThat(report.age()).isEqualTo(new Age.Known(Duration.ofSeconds(2)));
  }

  @Test
  void theOldestCityIsTheAgeOfAll() {
    ClockReading now = new ClockReading(NOON, 0);
    Advertisement advertisement =
        Served.advertisement(
            NOON,
            NOON,
            Map.of(new City("berlin"), NOON.minusSeconds(60)),
            new DatabaseClock(Duration.ZERO, Duration.ZERO),
            null);
    ServedState served =
        new ServedState(
            Served.snapshot(NOON.minusSeconds(90), "akron", "berlin"), advertisement, now, null);
    ClockEstimate master = new ClockEstimate(Duration.ZERO, Duration.ZERO, now);
    AgeCalculator calculator = new AgeCalculator(SKEW);
    DatabaseTime database = calculator.databaseTime(null, served, master, now);

    AgeReport report = calculator.report(served, null, database);

    assertThat(report.age()).isEqualTo(new Age.Known(Duration.ofSeconds(60)));
    assertThat(report.oldest()).isEqualTo(new City("berlin"));
    assertThat(report.stages().behind()).isEqualTo(Duration.ofSeconds(60));
    SortedMap<City, CityAge> each = calculator.perCity(served, database, Map.of());
    assertThat(ages(each))
        .containsEntry(new City("akron"), new Age.Known(Duration.ZERO))
        .containsEntry(new City("berlin"), new Age.Known(Duration.ofSeconds(60)));
    assertThat(each.get(new City("berlin")).stages()).isEqualTo(report.stages());
  }

  @Test
  void aFrozenCityGrowsOlderWhateverIsAdvertisedAndTheOthersDoNot() {
    City berlin = new City("berlin");
    Snapshot snapshot = Served.snapshot(NOON, "akron", "berlin");
    Pause pause = Pause.of(berlin, "ann@ops-1", NOON, Duration.ofHours(1), "looking");
    FrozenCity frozen =
        FrozenCity.of(
            snapshot.cities().get(berlin),
            snapshot,
            Served.advertisement(NOON, NOON, Map.of(), null, null));
    for (int seconds : new int[] {10, 700}) {
      Instant at = NOON.plusSeconds(seconds);
      ClockReading now = new ClockReading(at, 0);
      ServedState served =
          new ServedState(
              snapshot,
              Served.advertisement(
                  at,
                  at.minusSeconds(2),
                  Map.of(),
                  new DatabaseClock(Duration.ZERO, Duration.ZERO),
                  null),
              now,
              null,
              new TreeMap<>(Map.of(berlin, frozen)));
      ClockEstimate master = new ClockEstimate(Duration.ZERO, Duration.ZERO, now);
      AgeWatch watch = new AgeWatch(SKEW);

      AgeReport report = watch.look(served, null, master, now);
      SortedMap<City, CityAge> each = watch.cities(served, master, now, Map.of(berlin, pause));

      assertThat(report.age()).isEqualTo(new Age.Known(Duration.ofSeconds(seconds)));
      assertThat(report.stages().behind()).isEqualTo(Duration.ofSeconds(seconds - 2));
      assertThat(each.values())
          .allSatisfy(
              city -> assertThat(new Age.Known(city.stages().total())).isEqualTo(city.age()));
      assertThat(each.get(berlin).paused()).isEqualTo(pause);
      assertThat(each.get(new City("akron")).age()).isEqualTo(new Age.Known(Duration.ofSeconds(2)));
      assertThat(watch.look(served.withoutFrozen(), null, master, now).age())
          .isEqualTo(new Age.Known(Duration.ofSeconds(2)));
    }
  }

  @Test
  void aCityThatWasNeverCompleteHasNoAge() {
    Map<City, @Nullable Instant> never = new HashMap<>();
    never.put(new City("berlin"), null);
    ClockReading now = new ClockReading(NOON, 0);
    ServedState served =
        new ServedState(
            Served.snapshot(NOON, "akron", "berlin"),
            Served.advertisement(NOON, NOON, never, null, null),
            now,
            null);

    AgeReport report = new AgeWatch(SKEW).look(served, null, null, now);

    assertThat(report.age()).isEqualTo(new Age.Unknown("city berlin was never complete"));
    assertThat(report.neverComplete()).isEqualTo(1);
    assertThat(report.oldestKnown()).isNotNull();
  }

  @Test
  void nothingServedAndNothingReadHaveNoAge() {
    AgeWatch watch = new AgeWatch(SKEW);
    ClockReading now = new ClockReading(NOON, 0);
    ServedState empty =
        new ServedState(
            Served.snapshot(null),
            Served.advertisement(NOON, null, Map.of(), null, null),
            now,
            null);

    assertThat(watch.look(null, null, null, now).age())
        .isEqualTo(new Age.Unknown("nothing is served yet"));
    assertThat(watch.look(empty, null, null, now).age())
        .isEqualTo(new Age.Unknown("the master has not read the database to its end yet"));
  }

  @Test
  void anotherSnapshotsAdvertisementSaysNothingOfThisOne() {
    Snapshot snapshot = Served.snapshot(NOON, "akron");
    Advertisement other =
        SnapshotCodecs.withGeneration(
            Served.advertisement(NOON, NOON, Collections.emptyMap(), null, null), 8);

    assertThatThrownBy(() -> new ServedState(snapshot, other, new ClockReading(NOON, 0), null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCanaryIsAsOldAsItsTimeByTheDatabasesClock() {
    Canary canary = new Canary("0", null, null, Duration.ofSeconds(10));
    // This host is an hour ahead of the master, the database a second ahead of the master.
    ClockReading now = new ClockReading(NOON.plus(Duration.ofHours(1)), 5);
    ClockEstimate master = new ClockEstimate(Duration.ofHours(-1), Duration.ofMillis(3), now);
    ServedState served =
        served(now, NOON, NOON, new DatabaseClock(Duration.ofSeconds(1), Duration.ofMillis(2)));
    AgeWatch watch = new AgeWatch(SKEW);

    CanaryReport report =
        watch.canary(canary, new Canary.Seen(NOON.minusSeconds(60)), served, master, now);
    assertThat(report.age()).isEqualTo(new Age.Known(Duration.ofMillis(61_005)));
    assertThat(report.atLeast()).isEqualTo(Duration.ofMillis(51_005));

    ClockReading later = new ClockReading(now.wall(), Duration.ofHours(2).toNanos());
    assertThat(
            watch
                .canary(canary, new Canary.Seen(NOON.minusSeconds(60)), served, master, later)
                .age()
                .secondsOr(0))
        .isGreaterThan(7_260);
    assertThat(watch.canary(canary, new Canary.Seen(NOON), null, master, now).age())
        .isEqualTo(new Age.Unknown("nothing is served yet"));
  }

  @ParameterizedTest
  @CsvSource({"-3, 3, 0", "0, 0, 0", "10, 0, 0", "11, , "})
  void aCanaryFromTheFutureTellsNothing(
      int aheadSeconds, @Nullable Integer age, @Nullable Integer atLeast) {
    Canary canary = new Canary("0", null, null, Duration.ofSeconds(10));
    ClockReading now = new ClockReading(NOON, 0);
    DatabaseTime database = new DatabaseTime(NOON, now, null);

    CanaryReport report =
        CanaryReport.of(canary, new Canary.Seen(NOON.plusSeconds(aheadSeconds)), database);

    assertThat(report.age())
        .isEqualTo(
            age == null
                ? new Age.Unknown(
                    "it holds a time 11.0 s ahead of the database's clock: the database's own time"
                        + " in UTC, or of its field's zone, is expected")
                : new Age.Known(Duration.ofSeconds(age)));
    assertThat(report.atLeast()).isEqualTo(atLeast == null ? null : Duration.ofSeconds(atLeast));
  }

  @Test
  void aStatusSurvivesItsJson() throws Exception {
    ClockReading now = new ClockReading(NOON.plusSeconds(3), 0);
    AgeReport known = new AgeWatch(SKEW).look(served(now, NOON, NOON, null), null, null, now);
    CanaryReport canary =
        new CanaryReport(
            new Canary("0", new City("berlin"), null, Duration.ofSeconds(10)),
            new Age.Known(Duration.ofSeconds(2)),
            NOON);
    for (AgeReport report : new AgeReport[] {known, AgeReport.ofNothing()}) {
      SlaveStatus status =
          new SlaveStatus(
              "s1",
              NOON,
              null,
              10,
              report == known ? CitySubset.of(List.of("b*")) : null,
              report,
              report == known ? canary : null,
              "waits",
              "up to date",
              NOON,
              7,
              9,
              "merges are replayed",
              1 << 20,
              Pause.of(new City("berlin"), "ann@ops-1", NOON, Duration.ofMinutes(10), null),
              List.of("a finding"),
              report == known ? List.of("disk-full") : null,
              report == known
                  ? List.of(
                      Pause.of(
                          new City("bonn"), "ann@ops-1", NOON, Duration.ofMinutes(10), "looking"))
                  : null,
              report == known
                  ? List.of(
                      new CityAge(
                          new City("bonn"), new Age.Unknown("new"), null, StageAges.NONE, null))
                  : null);
      byte[] json = SnapshotCodec.write(status);
      assertThat(SnapshotCodec.read(json, SlaveStatus.class, "status")).isEqualTo(status);
    }
    assertThat(new String(SnapshotCodec.write(known), StandardCharsets.UTF_8))
        .contains("\"age\":{\"state\":\"known\",\"atMost\":\"PT4S\"}")
        .contains("\"switch\":\"PT0S\"");
  }

  private static Map<City, Age> ages(Map<City, CityAge> cities) {
    Map<City, Age> ages = new HashMap<>();
    cities.forEach((city, age) -> ages.put(city, age.age()));
    return ages;
  }

  private static ServedState served(
      ClockReading heardAt,
      Instant readThrough,
      Instant advertisedAt,
      @Nullable DatabaseClock clock) {
    return new ServedState(
        Served.snapshot(readThrough, "akron"),
        Served.advertisement(advertisedAt, readThrough, Map.of(), clock, null),
        heardAt,
        null);
  }

  /** Changes a record by way of its JSON. */
  private static final class SnapshotCodecs {
    static Advertisement withGeneration(Advertisement from, long number) {
      try {
        String json =
            SnapshotCodec.writeText(from).replace("1-0000000007", "1-%010d".formatted(number));
        return SnapshotCodec.read(
            json.getBytes(StandardCharsets.UTF_8), Advertisement.class, "changed");
      } catch (java.io.IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** True time, and clocks that are wrong about it in known ways. */
  private static final class World {
    private final Random random;
    private Duration elapsed = Duration.ZERO;
    private Duration steps = Duration.ZERO;
    private final Duration masterOffset;
    private final Duration databaseOffset;
    private final Duration slaveOffset;
    private final double rate;

    World(Random random) {
      this.random = random;
      this.masterOffset = Duration.ofMillis(random.nextInt(4_000_000) - 2_000_000);
      this.databaseOffset = Duration.ofMillis(random.nextInt(4_000_000) - 2_000_000);
      // Without a master this host's clock is trusted within SKEW of the database's.
      this.slaveOffset = databaseOffset.plusMillis(random.nextInt(1_900) - 950);
      this.rate = 1 + (random.nextDouble() - 0.5) * 0.0008;
    }

    void pass(Duration duration) {
      elapsed = elapsed.plus(duration);
    }

    void step() {
      steps = steps.plusMillis(random.nextInt(8_000_000) - 6_000_000);
    }

    Instant database() {
      return NOON.plus(elapsed).plus(databaseOffset);
    }

    Instant master() {
      return NOON.plus(elapsed).plus(masterOffset);
    }

    ClockReading slave() {
      // The wall clock is disciplined, if wrong; the monotonic one runs as its crystal does.
      long nanos = (long) (elapsed.toNanos() * rate);
      return new ClockReading(NOON.plus(elapsed).plus(slaveOffset).plus(steps), nanos);
    }

    ClockEstimate ask() {
      ClockReading sent = slave();
      pass(Duration.ofMillis(random.nextInt(3_000)));
      Instant answer = master();
      pass(Duration.ofMillis(random.nextInt(3_000)));
      return ClockEstimate.ofRoundTrip(sent, answer, slave());
    }

    /** An advertisement as the master wrote it, which took a while to come. */
    ServedState hear() {
      Duration uncertainty = Duration.ofMillis(random.nextInt(50));
      Duration error =
          Duration.ofMillis(
              random.nextInt(2 * (int) uncertainty.toMillis() + 1) - uncertainty.toMillis());
      Instant readThrough = database().minusMillis(random.nextInt(5_000));
      DatabaseClock clock =
          new DatabaseClock(databaseOffset.minus(masterOffset).plus(error), uncertainty);
      Advertisement written = Served.advertisement(master(), readThrough, Map.of(), clock, null);
      pass(Duration.ofMillis(random.nextInt(10) == 0 ? 3_600_000 : random.nextInt(2_000)));
      return new ServedState(Served.snapshot(readThrough, "akron"), written, slave(), null);
    }
  }
}
