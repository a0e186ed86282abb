package freshet.indexer.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServerKindTest {
  private static final ServerKind MYSQL =
      ServerKind.of(
          Map.of("server_uuid", "u", "gtid_executed", "", "max_allowed_packet", "1024"), false);

  @Test
  void mysqlHasAUuidAndComputesContainmentItself() {
    assertThat(MYSQL.isMariaDb()).isFalse();
    assertThat(MYSQL.packetLimit()).isEqualTo(1_024);
    assertThat(MYSQL.stateSql()).contains("@@global.server_uuid, @@global.gtid_executed");
    assertThat(MYSQL.question("3e11fa47:1-5").parameters()).isEqualTo(List.of("3e11fa47:1-5"));
    assertThat(MYSQL.question("0-1-7").parameters()).isEmpty();
    assertThat(MYSQL.question("").sql()).isEqualTo(MYSQL.stateSql());
  }

  @Test
  void mariaDbIsKnownByItsPositionAndHasAnIdentityByAge() {
    ServerKind old = ServerKind.of(Map.of("gtid_current_pos", "", "server_id", "1"), false);
    assertThat(old.isMariaDb()).isTrue();
    assertThat(old.stateSql()).contains("@@global.server_id, @@global.gtid_current_pos");
    assertThat(
            ServerKind.of(
                    Map.of("gtid_current_pos", "", "server_id", "1", "server_uid", "x"), false)
                .stateSql())
        .contains("@@global.server_uid,");
  }

  @Test
  void serverWithoutGtidIsAskedForNone() {
    assertThat(ServerKind.of(Map.of("server_id", "1"), false).stateSql()).contains(", '', ");
  }

  @Test
  void driversOwnLimitHoldsWhereTheServersIsHigher() {
    assertThat(ServerKind.of(Map.of("max_allowed_packet", "1073741824"), false).packetLimit())
        .isEqualTo(65_535L << 10);
  }

  @Test
  void silenceIsAskedForInTheSameQuestion() {
    assertThat(ServerKind.of(Map.of("server_uuid", "u"), true).stateSql())
        .contains("LAST_HEARTBEAT_TIMESTAMP");
    assertThat(Silence.longest("1500000 30.000,2000 0.500"))
        .isEqualTo(new Silence(Duration.ofMillis(1_500), Duration.ofSeconds(30)));
  }
}
