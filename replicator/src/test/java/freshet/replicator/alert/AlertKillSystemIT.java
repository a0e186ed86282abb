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
    try (Receiver receiver = new Receiver()) {
      receiver.status(503);
      Process node = start(receiver);
      String attempted;
      try {
        attempted = receiver.take().body();
      } finally {
        node.destroyForcibly();
        assertThat(node.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
      while (receiver.count() > 0) {
        receiver.take();
      }
      receiver.status(200);

      try (AlertMonitor restarted = FailingNode.start(folder, receiver.uri("/"))) {
        assertThat(receiver.take().body()).isEqualTo(attempted);
        while (restarted.waiting() > 0) {
          Thread.onSpinWait();
        }
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
