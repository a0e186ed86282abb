package freshet.indexer.app;

import static freshet.indexer.app.WatchedFleet.CHECK;
import static freshet.indexer.app.WatchedFleet.FAR;
import static freshet.indexer.app.WatchedFleet.LIMIT;
import static freshet.indexer.app.WatchedFleet.NEAR;
import static freshet.indexer.app.WatchedFleet.ONE_OF_MANY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import freshet.indexer.app.WatchedFleet.Told;
import freshet.indexer.embedded.Signals;
import freshet.indexer.session.InTime;
import freshet.indexer.session.InTime.Failing;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What on-call hears when something breaks for real: each cause once, in time, by its name, and its
 * end after the repair. All faults strike one fleet, one after the other; each lasts until every
 * consequence of it has had the time to be told, too.
 */
@Timeout(600)
class IncidentsSystemIT {
  private static final Duration UNTIL_ALL_IS_TOLD = LIMIT.plus(CHECK);
  private static final Duration QUIET_TIME = Duration.ofMinutes(2);

  @TempDir static Path folder;

  private static WatchedFleet fleet;

  @BeforeAll
  static void start() throws Exception {
    fleet = WatchedFleet.start(folder);
  }

  @AfterAll
  static void end() throws Exception {
    if (fleet != null) {
      fleet.close();
    }
  }

  @BeforeEach
  void nothingIsWrong() throws Exception {
    fleet.awaitWell();
  }

  @Test
  void twoMinutesOfQuietRaiseNothing() throws Exception {
    Instant until = fleet.repository().latest().orElseThrow().advertisedAt().plus(QUIET_TIME);
    fleet
        .nodes()
        .await(
            "two minutes pass",
            QUIET_TIME.multipliedBy(2),
            () -> fleet.repository().latest().orElseThrow().advertisedAt().isAfter(until));

    assertThat(fleet.untaken()).isZero();
  }

  @Test
  void aDatabaseThatIsPausedIsOneIncident() throws Exception {
    ProcessHandle server = fleet.pair().replica().process();
    List<Told> told =
        raises(
            NEAR,
            UNTIL_ALL_IS_TOLD,
            () -> Signals.send("STOP", server),
            () -> Signals.send("CONT", server),
            "master POLL poll-fails");

    assertThat(told.getFirst().incident().path("heading").asText())
        .isIn("Stalled", "HandshakeTimedOut");
    assertThat(told.getFirst().incident().path("lastGood").asText()).isNotEmpty();
  }

  @Test
  void anSqlThreadThatIsStoppedIsOneIncident() throws Exception {
    List<Told> told =
        raises(
            NEAR,
            UNTIL_ALL_IS_TOLD,
            () -> fleet.pair().stopSqlThread(),
            () -> fleet.pair().startSqlThread(),
            "master REPLICATION replica-lags");

    assertThat(told.getFirst().incident().path("failure").asText()).isEqualTo("LagUnknown");
  }

  /** Each slave tells; by the name of the cause they are one page, see docs/alerts.md. */
  @Test
  void aMasterThatIsKilledIsOnePage() throws Exception {
    raises(
        NEAR,
        UNTIL_ALL_IS_TOLD,
        () -> fleet.nodes().kill("master"),
        () -> fleet.startMaster(),
        "far PULL remote-unreachable",
        "near PULL remote-unreachable");
  }

  /** For so long that the master would tell of that slave if it had not told by itself. */
  @Test
  void aDiskThatIsFullIsOneIncident() throws Exception {
    assumeTrue(fleet.canMount(), "a small file system can't be mounted: that takes root");
    Path store = fleet.store(NEAR);
    raises(
        NEAR,
        LIMIT.multipliedBy(2).plus(CHECK),
        () -> Mounts.fill(store),
        () -> Mounts.makeRoom(store),
        "near PULL disk-full");
  }

  @Test
  void aNetworkThatIsCutIsOneIncident() throws Exception {
    raises(
        FAR,
        UNTIL_ALL_IS_TOLD,
        fleet::cutNetwork,
        fleet::healNetwork,
        "far PULL remote-unreachable");
  }

  @Test
  void aBadPublicationThatIsHeldIsOneIncident() throws Exception {
    List<Told> told =
        raises(
            NEAR,
            UNTIL_ALL_IS_TOLD,
            () -> fleet.loseRowsOfQuietCity(),
            () -> fleet.putBackRowsOfQuietCity(),
            "master PUBLISH cities-held");

    assertThat(told.getFirst().incident().path("affected")).hasToString("[\"quiet\"]");
  }

  @Test
  void oneOfManyCitiesThatFailsIsOneIncidentThatNamesIt() throws Exception {
    assumeTrue(fleet.canMount(), "a folder can't be mounted as read-only: that takes root");
    Path working = fleet.working(ONE_OF_MANY);
    List<Told> told =
        raises(
            NEAR,
            UNTIL_ALL_IS_TOLD,
            () -> fleet.mounts().readOnly(working),
            () -> {
              assertThat(fleet.othersAge(NEAR)).isLessThan(LIMIT);
              fleet.mounts().unmount(working);
            },
            "master BUILD cities-fail");

    assertThat(told.getFirst().incident().path("affected")).hasToString("[\"city07\"]");
  }

  @Test
  void twoCausesAtOnceAreTwoIncidents() throws Exception {
    raises(
        FAR,
        UNTIL_ALL_IS_TOLD,
        () -> {
          fleet.pair().stopSqlThread();
          fleet.cutNetwork();
        },
        () -> {
          fleet.pair().startSqlThread();
          fleet.healNetwork();
        },
        "far PULL remote-unreachable",
        "master REPLICATION replica-lags");
  }

  /**
   * Strikes, waits for the messages and for their ends after the repair: there must be these and no
   * others, within the limit of the age and the time between two looks.
   *
   * @param slave one that gets older by it
   * @param untilAge how old that is when the repair comes
   * @param expected node, stage and cause of each message, in order
   * @return the messages of the last try
   */
  private static List<Told> raises(
      String slave, Duration untilAge, Failing strike, Failing repair, String... expected)
      throws Exception {
    List<Told> told = new ArrayList<>();
    InTime.assertFails(
        LIMIT.plus(CHECK),
        () -> {
          told.clear();
          Duration took =
              InTime.tookOf(
                  () -> {
                    strike.run();
                    takeAll(told, expected.length);
                  });
          List<Told> over = new ArrayList<>();
          try {
            assertThat(told).allMatch(each -> each.event().equals("firing"));
            assertThat(told)
                .extracting(IncidentsSystemIT::describe)
                .containsExactlyInAnyOrder(expected);
            fleet.awaitAge(slave, untilAge);
            assertThat(fleet.untaken()).as("consequences that were told, too").isZero();
          } finally {
            repair.run();
          }
          takeAll(over, expected.length);
          assertThat(over).allMatch(each -> each.event().equals("resolved"));
          assertThat(over)
              .extracting(IncidentsSystemIT::describe)
              .containsExactlyInAnyOrder(expected);
          fleet.awaitWell();
          return took;
        });
    return told;
  }

  private static void takeAll(List<Told> taken, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      taken.add(fleet.take());
    }
  }

  private static String describe(Told told) {
    return "%s %s %s".formatted(told.where(), told.stage(), told.cause());
  }
}
