package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.FaultyProxy;
import freshet.indexer.diff.CycleWait;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.command.Json;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.sink.Receiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What on-call finds of an incident, while the master runs and after it has ended. */
@Timeout(180)
class MasterIncidentsIT {
  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();
  @TempDir private Path folder;

  @Test
  void anIncidentIsShownWithTheMinuteBeforeItWithAndWithoutADaemon() throws Exception {
    CityTable table = CityTable.create(database, folder);
    try (Receiver receiver = new Receiver();
        FaultyProxy proxy = new FaultyProxy(database.pair().source().port())) {
      configure(table, proxy, receiver);
      table.insert(1, "boston");
      table.build();
      assertThat(table.indexer("incident", "list").out())
          .isEqualToIgnoringNewLines("no incident is open, and none is remembered");

      try (CityTable.Daemon daemon = table.start()) {
        // One that is connecting just now would neither stall nor be found to be killed.
        CycleWait cycle =
            new CycleWait(
                table.repository(), Duration.ofSeconds(60), new SystemTime(), new StopSignal());
        assertThat(cycle.next()).isTrue();
        proxy.spoil(FaultyProxy.Fault.STALL, FaultyProxy.Point.GREETING, Integer.MAX_VALUE);
        killConnections();
        String told = receiver.take().body();
        assertThat(told).contains("\"event\":\"firing\"", "\"cause\":\"poll-fails\"");

        CityTable.Run list = table.indexer("incident", "list");
        assertThat(list.exitCode()).as(list.err()).isZero();
        assertThat(list.out())
            .contains("firing    critical  poll-fails", "since ", "told once")
            .contains(
                "greeting not received within", " of the last ", "slaves were pulling during");
        proxy.heal();
        assertThat(receiver.take().body()).contains("\"event\":\"resolved\"");
        assertThat(daemon.daemon().exitCode().code()).isZero();
      }

      String json = table.indexer("incident", "list", "--json").out();
      assertThat(Json.parse(json).path("incidents"))
          .singleElement()
          .satisfies(
              one -> {
                assertThat(one.path("until").isTextual()).isTrue();
                assertThat(one.path("times").asInt()).isEqualTo(2);
                assertThat(one.path("incident").path("failure").asText())
                    .isEqualTo("HandshakeTimedOut");
              });
      CityTable.Run shown = table.indexer("incident", "show", "poll-fails");
      assertThat(shown.exitCode()).as(shown.err()).isZero();
      assertThat(shown.out())
          .contains("poll-fails: resolved, critical, stage poll", "next: bin/indexer doctor")
          .contains("read: docs/troubleshooting.md, \"HandshakeTimedOut\"")
          .containsPattern("\\d (recording belongs|recordings belong) to it:")
          .contains("bytes/s sent", "connects to the database:")
          .contains("; FAILED in greeting");
      assertThat(table.indexer("incident", "failures", "--zone", "Europe/Berlin").out())
          .contains("connect HandshakeTimedOut: ", "Europe/Berlin");
    }
  }

  @Test
  void whatIsNotKnownIsAMistakeOfWhoAsks() throws Exception {
    CityTable table = CityTable.create(database, folder);

    CityTable.Run unknown = table.indexer("incident", "show", "poll-fails");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("no incident is known");
    CityTable.Run zone = table.indexer("incident", "failures", "--zone", "Berlin");
    assertThat(zone.exitCode()).isEqualTo(2);
    assertThat(zone.err()).contains("the name of a zone is expected");
    assertThat(table.indexer("incident", "failures", "--last", "2").exitCode()).isEqualTo(2);
    assertThat(table.indexer("incident", "list", "--limit", "0").exitCode()).isEqualTo(2);
    assertThat(table.indexer("incident", "failures", "--last", "7d").out())
        .isEqualToIgnoringNewLines("no failure is known");
  }

  @Test
  void aCycleOfCronThatFailsIsRecordedToo() throws Exception {
    CityTable table = CityTable.create(database, folder);
    table.insert(1, "boston");
    table.build();
    table.sql("RENAME TABLE listing TO elsewhere");
    assertThat(table.indexer("build").exitCode()).isEqualTo(78);

    assertThat(table.indexer("incident", "failures", "--json").out())
        .contains("\"name\":\"poll SchemaError\"");
    assertThat(table.folder.resolve("data/index/flight/recordings")).isNotEmptyDirectory();
  }

  /** The master's own, so that it has to connect again. */
  private void killConnections() throws SQLException {
    try (Connection root = database.source();
        Statement ask = root.createStatement();
        Statement kill = root.createStatement();
        ResultSet ids =
            ask.executeQuery(
                "SELECT id FROM information_schema.PROCESSLIST WHERE user = 'freshet'")) {
      while (ids.next()) {
        kill.execute("KILL " + ids.getLong(1));
      }
    }
  }

  /** Through the proxy, and with little patience. */
  private static void configure(CityTable table, FaultyProxy proxy, Receiver receiver)
      throws Exception {
    table.configure(
        "alerts: {pending_for: 1s, clear_for: 1s, flap_window: 1s, webhook: {url: \"%s\"}}"
            .formatted(receiver.uri("/hook")));
    Path file = table.folder.resolve("indexer.yaml");
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst("port: \\d+", "port: " + proxy.endpoint().port())
            .replaceFirst("(?m)^  lag:", "  timeouts: {connect: 500ms, handshake: 500ms}\n  lag:"));
  }
}
