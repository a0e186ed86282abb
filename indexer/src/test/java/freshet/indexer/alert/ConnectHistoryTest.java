package freshet.indexer.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.alert.ConnectHistory.Connects;
import freshet.indexer.connect.ConnectFailures;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SourceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectHistoryTest {
  private static final Endpoint ONE = new Endpoint("replica-1", 3306);
  private static final Endpoint TWO = new Endpoint("replica-2", 3306);

  private final ConnectHistory history = new ConnectHistory(SessionListener.NONE);

  @Test
  void growthIsThatOfTheServerThatFailedLast() {
    good(ONE, 100);
    good(TWO, 7);
    fail(TWO);
    fail(ONE);
    good(ONE, 104);
    good(TWO, 8);
    assertThat(connects()).isEqualTo(new Connects(2, 6, 0, 4L, 0));

    fail(TWO);
    assertThat(connects().abortedGrowth()).isEqualTo(1);
  }

  @Test
  void growthReachesBackToTheLastGoodConnectHoweverManyFailedSince() {
    good(ONE, 100);
    for (int i = 0; i < 50; i++) {
      fail(ONE);
    }
    assertThat(connects()).isEqualTo(new Connects(20, 20, 0, null, 0));

    good(ONE, 150);
    assertThat(connects()).isEqualTo(new Connects(19, 20, 0, 50L, 0));
  }

  @Test
  void aServerThatWasNotAskedTwiceOrStartedAnewTellsNothing() {
    fail(ONE);
    good(ONE, 100);
    assertThat(connects().abortedGrowth()).isNull();
    good(ONE, 3);
    assertThat(connects().abortedGrowth()).isNull();
  }

  @Test
  void slavesArePullingForAsLongAsTheConnectTook() {
    List<Duration> asked = new ArrayList<>();
    history.tell(
        SessionListener.NONE,
        ago -> {
          asked.add(ago);
          return asked.size() == 1;
        });
    fail(ONE);
    fail(ONE);
    history.failed(ONE, new SourceException.Stalled("no row", null));

    assertThat(asked).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(3));
    assertThat(connects()).isEqualTo(new Connects(2, 2, 1, null, 1));
    assertThat(history.recent().newest()).isInstanceOf(SourceException.Stalled.class);
    history.polled();
    assertThat(history.recent().newest()).isNull();
  }

  private Connects connects() {
    return history.recent().connects();
  }

  private void good(Endpoint endpoint, long aborted) {
    history.connected(endpoint, null);
    history.counted(endpoint, aborted);
  }

  private void fail(Endpoint endpoint) {
    history.failed(
        endpoint,
        new SourceException.HandshakeTimedOut(
            "late", ConnectFailures.timedOut(endpoint, ConnectPhase.GREETING, 3_000)));
  }
}
