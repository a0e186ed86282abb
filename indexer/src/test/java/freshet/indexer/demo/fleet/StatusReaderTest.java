package freshet.indexer.demo.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StatusReaderTest {

  @Test
  void slaveTellsAgeAndStages() throws Exception {
    String status =
        """
        {"name": "slave-1", "generation": "1-0000000007", "documents": 12,
         "age": {"age": {"state": "known", "atMost": "PT1.5S"}, "oldest": "x",
                 "readThrough": "2026-01-02T03:04:05.678Z",
                 "stages": {"replicaLag": "PT0.5S", "waitingForPoll": "PT1S"}},
         "waitsFor": "waits for news"}
        """;
    assertThat(StatusReader.slave(new JsonMapper().readTree(status)))
        .isEqualTo(
            new SlaveState(
                "1-0000000007",
                12,
                Duration.ofMillis(1500),
                Map.of(
                    "replica lag", Duration.ofMillis(500),
                    "waiting for poll", Duration.ofSeconds(1)),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                "waits for news"));
  }

  @Test
  void slaveThatServesNothingHasNoAge() throws Exception {
    String status =
        """
        {"name": "slave-1", "documents": 0, "age": {"age": {"state": "unknown"}}}
        """;
    assertThat(StatusReader.slave(new JsonMapper().readTree(status)))
        .isEqualTo(new SlaveState(null, 0, null, Map.of(), null, ""));
  }

  @Test
  void masterTellsItsCycles() throws Exception {
    String status =
        """
        {"generation": "1-0000000007", "waitsFor": "the schedule", "lastCycles": [
          {"started": "2026-01-02T03:04:05.678Z", "outcome": {"kind": "published"},
           "poll": {"changesRead": 5, "deletionsRead": 2}, "cities": 3,
           "times": {"poll": "PT0.012S", "build": "PT0.04S", "publish": "PT0.1S"}}]}
        """;
    assertThat(StatusReader.master(new JsonMapper().readTree(status)))
        .isEqualTo(
            new MasterState(
                "1-0000000007",
                List.of(
                    "03:04:05 published: 5 changes, 2 deletions, 3 cities;"
                        + " poll 12, build 40, publish 100 ms"),
                "the schedule"));
  }
}
