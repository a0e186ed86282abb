package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import freshet.indexer.alert.ConnectHistory;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.schedule.CycleReport;
import freshet.indexer.session.SessionListener;
import freshet.indexer.source.LeapTime;
import freshet.replicator.incident.Incident;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.serve.FleetView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master on a real database with its real watch, on a clock that the test moves. It goes on by
 * itself too, since connects have deadlines.
 */
class MasterQuietHourIT {
  private static final Duration STEP = Duration.ofSeconds(5);
  private static final int STEPS_OF_AN_HOUR = 720;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  @TempDir private Path folder;

  private final LeapTime time = new LeapTime();
  private final ConnectHistory connects = new ConnectHistory(SessionListener.NONE);
  private final CycleHistory history = new CycleHistory();
  private CityTable table;
  private Master master;
  private MasterFlight flight;
  private MasterWatch watch;

  @BeforeEach
  void start() throws Exception {
    table = CityTable.create(database, folder);
    table.configure("alerts: {log: false}");
    table.insert(1, "boston");
    table.insert(2, "chicago");
    Path file = folder.resolve("indexer.yaml");
    IndexerConfig config = IndexerConfig.read(file, Map.of());
    master = Master.open(file, config, "run", connects, time, new StopSignal());
    flight = new MasterFlight(config, time);
    watch = new MasterWatch(config, master, history, connects, List::of, flight, time);
  }

  @AfterEach
  void stop() throws Exception {
    watch.close();
    flight.close();
    master.close();
  }

  @Test
  void anHourOfQuietRaisesNoIncident() throws Exception {
    for (int step = 0; step < STEPS_OF_AN_HOUR; step++) {
      if (step % 100 == 0) {
        table.insert(100 + step, "boston");
      }
      cycle();
      watch.look();
      assertThat(watch.open().incidents()).isEmpty();
      time.leap(STEP);
    }
  }

  @Test
  void cyclesThatStandStillDoAndAPauseIsToldAsOne() throws Exception {
    cycle();
    wait(66);
    assertThat(causes()).containsExactly("nothing-fresh");
    cycleFor(140);
    assertThat(causes()).isEmpty();

    PauseFolder pauses = new PauseFolder(master.repository().layout());
    pauses.write(Pause.of(null, "ann@ops-1", time.now(), Duration.ofMinutes(10), "new disk"));
    wait(55);
    assertThat(causes()).isEmpty();
    assertThat(watch.open().incidents()).extracting(Incident::cause).containsExactly("paused");
    wait(10);
    assertThat(causes()).containsExactly("paused");
    pauses.remove(null);
    cycleFor(15);
    assertThat(watch.open().incidents()).isEmpty();
  }

  /** Else its incident would count as over, and nobody would ever hear of it again. */
  @Test
  void aSlaveThatIsSilentIsNotForgottenByARestartOfItsMaster() throws Exception {
    cycle();
    watch.close();
    List<FleetView.Slave> reports = new ArrayList<>();
    watch = daemon(reports);
    reports.add(report("slave-1"));
    reports.add(report("slave-2"));
    watch.look();
    for (int step = 0; step < 20; step++) {
      time.leap(STEP);
      reports.clear();
      reports.add(report("slave-2"));
      cycle();
      watch.look();
    }
    assertThat(causes()).containsExactly("slaves-silent");
    watch.close();

    watch = daemon(reports);
    for (int step = 0; step < 30; step++) {
      time.leap(STEP);
      reports.clear();
      reports.add(report("slave-2"));
      cycle();
      watch.look();
      assertThat(watch.open().firing())
          .singleElement()
          .satisfies(one -> assertThat(one.affected()).containsExactly("slave-1"));
    }
  }

  private MasterWatch daemon(List<FleetView.Slave> reports) throws Exception {
    IndexerConfig config = IndexerConfig.read(folder.resolve("indexer.yaml"), Map.of());
    MasterWatch daemon =
        new MasterWatch(
            config, master, history, connects, () -> List.copyOf(reports), flight, time);
    daemon.rememberSlaves(time.now());
    return daemon;
  }

  private FleetView.Slave report(String name) {
    return new FleetView.Slave(name, time.now(), new ObjectMapper().createObjectNode());
  }

  private void cycleFor(int steps) {
    for (int step = 0; step < steps; step++) {
      time.leap(STEP);
      cycle();
      watch.look();
    }
  }

  private void wait(int steps) {
    for (int step = 0; step < steps; step++) {
      time.leap(STEP);
      watch.look();
    }
  }

  private void cycle() {
    CycleReport report = master.run();
    history.ended(report);
    watch.cycled(report);
  }

  private List<String> causes() {
    return watch.open().firing().stream().map(Incident::cause).toList();
  }
}
