package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.sink.Receiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SlaveReporterIT {
  @TempDir private Path folder;

  /** Else its master would call it silent, and page somebody for it. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void anAnswerThatDoesNotEndDoesNotKeepItFromReportingAgain() throws Exception {
    Duration patience = Duration.ofSeconds(1);
    try (Receiver master = new Receiver()) {
      RemoteSettings remote =
          new RemoteSettings(
              master.uri("").toString(),
              new RemoteOptions(patience, patience, patience, 1, patience, RemoteAccess.DEFAULT),
              null,
              null);
      SlaveReporter reporter =
          SlaveReporter.of(
                  remote,
                  "slave-1",
                  () -> {
                    try {
                      return SlaveLook.inFolder("slave-1", folder, Duration.ZERO, null);
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  },
                  Set::of,
                  new SystemTime())
              .orElseThrow();
      master.stalls(true);
      reporter.report();
      reporter.report();

      assertThat(master.take().path()).isEqualTo("/slaves/slave-1");
      assertThat(master.take().path()).isEqualTo("/slaves/slave-1/merges");
      assertThat(master.take().path()).isEqualTo("/slaves/slave-1");
    }
  }
}
