package freshet.replicator.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.config.Secret;
import freshet.replicator.sink.Receiver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DaemonClientIT {
  private final Receiver daemon;

  DaemonClientIT() throws Exception {
    daemon = new Receiver();
  }

  @AfterEach
  void close() {
    daemon.close();
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anAnswerThatDoesNotEndIsGivenUp() {
    daemon.stalls(true);

    assertThatThrownBy(() -> DaemonClient.get(daemon.uri("/status"), DaemonAccess.NONE))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("/status: no whole answer within 10000 ms");
  }

  @Test
  void theFirstOfSeveralTokensIsShown() throws Exception {
    DaemonClient.get(
        daemon.uri("/status"), new DaemonAccess(null, Secret.literal(" first \nsecond")));

    assertThat(daemon.take().authorization()).isEqualTo("Bearer first");
  }

  @Test
  void aTokenThatNoHeaderMayHoldIsNotShownInTheError() {
    assertThatThrownBy(
            () ->
                DaemonClient.get(
                    daemon.uri("/status"), new DaemonAccess(null, Secret.literal("s3 cr€t"))))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("the first line of its token")
        .hasMessageNotContaining("s3");
    assertThat(daemon.count()).isZero();
  }
}
