package freshet.replicator.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.command.CommandException;
import freshet.replicator.flight.Connect;
import freshet.replicator.flight.Failure;
import freshet.replicator.flight.Recording;
import freshet.replicator.flight.Sample;
import freshet.replicator.incident.Incident;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.review.IncidentCatalog.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IncidentTextTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final Known over =
      new Known(
          "resolved",
          incident("poll-fails", Incident.Phase.RESOLVED, 0),
          3,
          NOON.plusSeconds(60),
          NOON.plusSeconds(600),
          NOON.plusSeconds(600));
  private final Known pending = Known.untold(incident("disk-full", Incident.Phase.PENDING, 700));

  @Test
  void aListSaysWhereEachStandsAndHowToSeeMore() {
    IncidentCatalog catalog = new IncidentCatalog(List.of(pending, over), "no daemon runs");

    assertThat(IncidentText.list(catalog, 5, "bin/indexer"))
        .containsExactly(
            "pending   critical  disk-full             since 2026-03-01T12:11:40Z, not told yet",
            "          Stalled: no row within 15 s",
            "          bin/indexer incident show master/disk-full/2026-03-01T12:11:40Z",
            "resolved  critical  poll-fails            2026-03-01T12:00:00Z to 2026-03-01T12:10:00Z"
                + " (10 min 0 s), told 3 times",
            "          Stalled: no row within 15 s",
            "          bin/indexer incident show master/poll-fails/2026-03-01T12:00:00Z",
            "and 3 older ones; see --limit",
            "note: no daemon runs");
    assertThat(IncidentText.list(new IncidentCatalog(List.of(), null), 0, "bin/indexer"))
        .containsExactly("no incident is open, and none is remembered");
  }

  @Test
  void oneIsShownWithTheMinuteBeforeIt() {
    Failure failure =
        Failure.of(NOON, Stage.POLL, "connect", "Stalled", "replica-1:3306", "no row within 15 s");
    Recording recording =
        new Recording(
            1,
            "master",
            failure,
            List.of(
                new Sample(
                    NOON.minusMillis(100),
                    Duration.ofMillis(500),
                    1_500_000,
                    2,
                    7L,
                    1L,
                    null,
                    2,
                    Duration.ofMillis(30),
                    Duration.ofMillis(25),
                    3.25,
                    Duration.ofMillis(12),
                    null)),
            List.of(
                new Connect(
                    NOON.minusSeconds(9),
                    "replica-1:3306",
                    Map.of("greeting", Duration.ofMillis(3_001)),
                    "greeting")),
            List.of("TCP drops: /proc/net/netstat is not there"));

    List<String> lines =
        IncidentText.show(
            new IncidentShowOptions.Details(over, List.of(recording)),
            List.of(failure, failure),
            1);

    assertThat(lines)
        .containsExactly(
            "poll-fails: resolved, critical, stage poll, told by master",
            "id: master/poll-fails/2026-03-01T12:00:00Z",
            "from: 2026-03-01T12:00:00Z to 2026-03-01T12:10:00Z (10 min 0 s)",
            "class: Stalled",
            "what: Stalled: no row within 15 s",
            "age limit crossed at: 2026-03-01T12:05:00Z",
            "told: 3 times, first at 2026-03-01T12:01:00Z, last at 2026-03-01T12:10:00Z",
            "last good generation: 3-0000000421",
            "next: bin/indexer doctor",
            "read: docs/troubleshooting.md, \"Stalled\"",
            "",
            "1 recording belongs to it:",
            "  2026-03-01T12:00:00Z  connect Stalled replica-1:3306: 2 within a minute",
            "",
            "the minute before 2026-03-01T12:00:00Z on master: no row within 15 s",
            "  UTC          bytes/s sent transfers  resent     SYN   drops  GC ms/longest steal %"
                + " disk wait disk busy",
            "  11:59:59.9      3,000,000         2       7       1       -          30/25     3.3"
                + "        12         -",
            "  sent: to slaves; resent, SYN: TCP segments sent again, those among them that open a"
                + " connection; disk wait, busy: ms in which a task waited, the busiest disk was at"
                + " work",
            "  connects to the database:",
            "    11:59:51.0  replica-1:3306  greeting 3,001 ms; FAILED in greeting",
            "  not told by this host: TCP drops: /proc/net/netstat is not there");
  }

  @Test
  void whatWasToldOnceIsSaidSo() {
    Known once =
        new Known(
            "firing",
            incident("poll-fails", Incident.Phase.FIRING, 0),
            1,
            NOON.plusSeconds(60),
            NOON.plusSeconds(60),
            null);

    assertThat(IncidentText.list(new IncidentCatalog(List.of(once), null), 1, "bin/indexer"))
        .contains(
            "firing    critical  poll-fails            since 2026-03-01T12:00:00Z, told once");
    assertThat(IncidentText.show(new IncidentShowOptions.Details(once, List.of()), List.of(), 0))
        .contains("told: once, first at 2026-03-01T12:01:00Z, last at 2026-03-01T12:01:00Z");
  }

  @Test
  void aCauseStandsForItsNewestIncident() throws CommandException {
    IncidentCatalog catalog = new IncidentCatalog(List.of(pending, over), null);

    assertThat(catalog.find("poll-fails")).isEqualTo(over);
    assertThat(catalog.find("master/disk-full/2026-03-01T12:11:40Z")).isEqualTo(pending);
    assertThatThrownBy(() -> catalog.find("nonsense"))
        .hasMessage(
            "no incident has the id or cause 'nonsense'; the newest are"
                + " master/disk-full/2026-03-01T12:11:40Z, master/poll-fails/2026-03-01T12:00:00Z;"
                + " see: incident list");
  }

  private static Incident incident(String cause, Incident.Phase phase, int second) {
    Instant since = NOON.plusSeconds(second);
    return new Incident(
        "master/%s/%s".formatted(cause, since),
        phase,
        cause,
        Stage.POLL,
        Severity.CRITICAL,
        "master",
        since,
        "Stalled",
        "Stalled: no row within 15 s",
        new TreeSet<>(),
        since.plusSeconds(300),
        "3-0000000421",
        0,
        "bin/indexer doctor",
        "Stalled");
  }
}
