package freshet.indexer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.alert.ConnectHistory.Connects;
import freshet.indexer.connect.ConnectFailures;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.SourceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PollWordsTest {
  private static final Endpoint REPLICA = new Endpoint("replica-1", 3306);

  @ParameterizedTest
  @CsvSource({
    "RESOLVE, 3000, name not resolved within 3 s: replica-1:3306",
    "TCP, 2999, TCP not connected within 3 s to replica-1:3306",
    "GREETING, 400, greeting not received within 400 ms from replica-1:3306",
    "TLS, 59999, TLS not negotiated within 60 s with replica-1:3306",
    "AUTHENTICATION, 60000, authentication not answered within 1 min 0 s by replica-1:3306",
    "SESSION, 10000, session not set up within 10 s by replica-1:3306"
  })
  void thePhaseThatTookTooLongIsNamed(ConnectPhase phase, long millis, String expected) {
    SourceException failure =
        new SourceException.HandshakeTimedOut(
            "can't connect", ConnectFailures.timedOut(REPLICA, phase, millis));

    assertThat(PollWords.of(failure, "can't connect", new Connects(1, 20, 0, null, 0)))
        .isEqualTo(
            expected + ", 1 of the last 20 connects; slaves were pulling during none of them");
  }

  @Test
  void whatEndedByItselfIsToldAsItIs() {
    SourceException failure =
        new SourceException.HandshakeLost(
            "can't connect: reset", ConnectFailures.lost(REPLICA, ConnectPhase.GREETING, 5));

    assertThat(PollWords.of(failure, "can't connect: reset", new Connects(2, 9, 2, 0L, 3)))
        .isEqualTo(
            "can't connect: reset, 2 of the last 9 connects; Aborted_connects +0; slaves were"
                + " pulling during 2 of the 2");
  }

  @Test
  void withoutAConnectThereIsNothingToAdd() {
    assertThat(PollWords.of(null, "no row", new Connects(0, 4, 0, null, 0))).isEqualTo("no row");
    assertThat(PollWords.of(null, "no row", new Connects(1, 4, 0, null, 2)))
        .isEqualTo("no row; 3 of the last 6 connects and queries failed");
  }
}
