package freshet.replicator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.sink.Receiver;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertKillSystemIT {
  @TempDir private Path folder;

  @Test
  void whatANodeHadToTellWhenItWasKilledIsDeliveredOnceByTheNextStart() throws Exception {
    String attempted;
    try (Receiver receiver = new Receiver()) {
      receiver.status(503);
      Process node = start(receiver);
      try {
        attempted = receiver.take().body();
      } finally {
        node.destroyForcibly();
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
    }
    // An attempt of the one that was killed may still be on its way to the other.
    try (Receiver receiver = new Receiver();
        AlertMonitor restarted = FailingNode.start(folder, receiver.uri("/"))) {
      assertThat(receiver.take().body()).isEqualTo(attempted);
      while (restarted.waiting() > 0) {
        Thread.onSpinWait();
      }
      assertThat(receiver.count()).isZero();
    }
  }

  private Process start(Receiver receiver) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            FailingNode.class.getName(),
            folder.toString(),
            receiver.uri("/").toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
