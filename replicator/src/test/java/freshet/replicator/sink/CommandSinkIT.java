package freshet.replicator.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.replicator.incident.Notice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandSinkIT {
  @TempDir private Path folder;

  @Test
  void theMessageComesOnStandardInput() throws Exception {
    Path out = folder.resolve("out.json");

    sink(Duration.ofSeconds(30), "cat > " + out).send(Notices.message(Notice.Event.RESOLVED));

    assertThat(Files.readString(out)).contains("\"event\":\"resolved\"", "\"poll-fails\"", "köln");
  }

  @Test
  void anotherExitCodeThanZeroIsAFailure() {
    SinkException failure =
        catchThrowableOfType(
            SinkException.class,
            () -> sink(Duration.ofSeconds(30), "exit 3").send(Notices.message(Notice.Event.TEST)));

    assertThat(failure).hasMessage("/bin/sh ended with exit code 3, 0 is expected");
  }

  @Test
  void oneThatHangsIsKilledWithItsChildren() throws Exception {
    Path pids = folder.resolve("pids");
    CommandSink sink = sink(Duration.ofSeconds(2), "sleep 600 & echo $! > " + pids + "; wait");

    SinkException failure =
        catchThrowableOfType(
            SinkException.class, () -> sink.send(Notices.message(Notice.Event.FIRING)));

    assertThat(failure).hasMessageContaining("did not end within 2000 ms; it is killed");
    long child = Long.parseLong(Files.readString(pids).strip());
    ProcessHandle.of(child).ifPresent(CommandSinkIT::awaitEnd);
    assertThat(ProcessHandle.of(child).filter(ProcessHandle::isAlive)).isEmpty();
  }

  @Test
  void aProgramThatIsNotThereIsAFailure() {
    CommandSink sink =
        new CommandSink(new CommandSink.Settings(List.of("/nowhere/page"), Duration.ofSeconds(30)));

    SinkException failure =
        catchThrowableOfType(
            SinkException.class, () -> sink.send(Notices.message(Notice.Event.FIRING)));

    assertThat(failure).hasMessageContaining("/nowhere/page can't be run");
  }

  private static void awaitEnd(ProcessHandle process) {
    try {
      process.onExit().get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("process " + process.pid() + " lives on", e);
    }
  }

  private static CommandSink sink(Duration timeout, String script) {
    return new CommandSink(new CommandSink.Settings(List.of("/bin/sh", "-c", script), timeout));
  }
}
