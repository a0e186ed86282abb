package freshet.replicator.page;

import freshet.replicator.flight.Failure;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.AgeReport;
import freshet.replicator.freshness.Canary;
import freshet.replicator.freshness.CanaryReport;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/** A page of made-up figures: a master, three slaves, 700 cities, some of them with evil names. */
final class SamplePage {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Duration LIMIT = Duration.ofMinutes(5);
  static final String EVIL = "<script>document.title='evil'</script>\"'&\u202e\u0007";

  private SamplePage() {}

  static StatusPage fresh() {
    return of(Duration.ofMillis(1_800), List.of());
  }

  static StatusPage troubled() {
    return of(Duration.ofSeconds(412), List.of(incident(Incident.Phase.FIRING)));
  }

  static StatusPage of(Duration slowest, List<Incident> incidents) {
    Age age = new Age.Known(slowest);
    return new StatusPage(
        StatusPage.Role.MASTER,
        "master",
        NOON,
        Headline.of("slowest slave", "web-2", age, LIMIT, incidents),
        "waits for the cycle that is due at 2026-03-01T12:00:01Z",
        LIMIT,
        samples(slowest),
        incidents,
        List.of(
            slave("web-1", Duration.ofMillis(900)),
            slave("web-2", slowest),
            slave("web-3", Duration.ofMillis(1_200))),
        cities(slowest),
        List.of(
            histogram("replica-1:3306", "tcp", 400, 30, 2),
            histogram("replica-1:3306", "greeting", 310, 110, 12),
            histogram("replica-2:3306", "tcp", 4, 0, 0)),
        List.of(
            new Failure(
                NOON.minusSeconds(7),
                14,
                Stage.POLL,
                "connect",
                "HandshakeTimedOut",
                "replica-1:3306",
                "greeting not received within 3 s from replica-1 " + EVIL)),
        Path.of("/var/lib/freshet/it's a repository"),
        List.of(
            new SnapshotRow(new Generation(3, 421), NOON.minusSeconds(2), 4, true, false),
            new SnapshotRow(new Generation(3, 420), NOON.minusSeconds(61), 700, false, true),
            new SnapshotRow(new Generation(3, 419), NOON.minusSeconds(65), 12, false, false)),
        List.of(
            new HeldRow(
                new City("--all; rm -rf '~'"),
                NOON.minusSeconds(600),
                "12 documents, 2,000 fewer than expected " + EVIL,
                true)));
  }

  static Incident incident(Incident.Phase phase) {
    return incident(phase, " " + EVIL);
  }

  static Incident incident(Incident.Phase phase, String more) {
    return new Incident(
        "master/poll-fails/1",
        phase,
        "poll-fails",
        Stage.POLL,
        Severity.CRITICAL,
        "master",
        NOON.minusSeconds(400),
        "HandshakeTimedOut",
        "greeting not received within 3 s from replica-1, 14 of the last 20 connects" + more,
        new TreeSet<>(),
        NOON.minusSeconds(100),
        "3-0000000421",
        1,
        "bin/indexer doctor",
        "What if the master can't read the database?");
  }

  static SlaveStatus status(String name, Duration age) {
    StageAges stages = stages(age, 0);
    return new SlaveStatus(
        name,
        NOON,
        new Generation(3, 421),
        1_234_567,
        null,
        new AgeReport(
            new Age.Known(age), new City("berlin"), NOON.minus(age), 700, 0, age, stages, "clock"),
        new CanaryReport(
            new Canary("0", null, null, Duration.ofSeconds(10)),
            new Age.Known(age.plusSeconds(4)),
            NOON),
        "waits for news",
        "installed 3-0000000421, 12,345 bytes fetched in 87 ms",
        NOON.minusSeconds(2),
        48_000_000,
        910_000_000,
        null,
        123_000_000_000L,
        null,
        List.of(),
        List.of(),
        null,
        null);
  }

  private static SlaveRow slave(String name, Duration age) {
    return new SlaveRow(
        name,
        NOON.minusSeconds(2),
        new Age.Known(age),
        new Age.Known(age.plusSeconds(4)),
        stages(age, 0),
        status(name, age));
  }

  private static List<AgeSample> samples(Duration last) {
    List<AgeSample> samples = new ArrayList<>();
    for (int i = 350; i >= 0; i--) {
      // The process was restarted half an hour ago, and did not know an age at once.
      if (i > 180 && i < 200) {
        continue;
      }
      Instant at = NOON.minusSeconds(10L * i);
      Duration age = i < 40 ? last.multipliedBy(40 - i).dividedBy(40) : Duration.ofMillis(1_500);
      samples.add(new AgeSample(at, i != 180, stages(age, i)));
    }
    return samples;
  }

  static StageAges stages(Duration age, int i) {
    Duration part = age.dividedBy(12);
    Duration waiting = age.minus(part.multipliedBy(7 + i % 3));
    return new StageAges(
        part, waiting, part.multipliedBy(1 + i % 3), part, part, Duration.ZERO, part, part, part);
  }

  private static List<CityRow> cities(Duration oldest) {
    List<CityRow> cities = new ArrayList<>();
    for (int i = 1; i <= 697; i++) {
      cities.add(
          new CityRow(
              new City("city-%03d".formatted(i)),
              new Age.Known(oldest.multipliedBy(i).dividedBy(800)),
              i * 37L,
              i * 41_000L));
    }
    cities.add(new CityRow(new City("São Paulo"), new Age.Known(oldest), 9, 5L << 30));
    cities.add(new CityRow(new City(EVIL), new Age.Unknown("never " + EVIL), 1, 10));
    cities.add(new CityRow(new City(""), new Age.Known(Duration.ZERO), 2, 20));
    return cities;
  }

  private static PhaseHistogram histogram(String endpoint, String phase, long... counts) {
    List<Long> all = new ArrayList<>(Collections.nCopies(5, 0L));
    for (int i = 0; i < counts.length; i++) {
      all.set(i + 1, counts[i]);
    }
    return new PhaseHistogram(
        endpoint,
        phase,
        List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1)),
        all);
  }
}
