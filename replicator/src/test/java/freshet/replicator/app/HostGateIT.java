package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.host.HostNeeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What a start says to this very host. */
@EnabledOnOs(OS.LINUX)
class HostGateIT {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(HostGate.class);

  /** Some account that is not root's; whether it exists does not matter. */
  private static final int NOBODY = 65_534;

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @TempDir Path folder;

  @BeforeEach
  void listen() {
    said.start();
    LOG.addAppender(said);
  }

  @AfterEach
  void stopListening() {
    LOG.detachAppender(said);
  }

  @Test
  void aHostThatHasWhatIsNeededIsPassedInSilence() {
    assertThatCode(() -> HostGate.pass(folder, folder, new HostNeeds(1, 1, 1, 1, 1)))
        .doesNotThrowAnyException();
    assertThat(said.list).isEmpty();
  }

  @Test
  void whatIsShortIsAWarningWithFigureAndFix() {
    HostNeeds tooMany = new HostNeeds(100_000_000, 2, 1, 1, 1);
    assertThatCode(() -> HostGate.pass(folder, folder, tooMany)).doesNotThrowAnyException();

    assertThat(said.list)
        .allMatch(event -> event.getLevel().equals(Level.WARN))
        .extracting(ILoggingEvent::getFormattedMessage)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("vm.max_map_count is low")
                    .contains(
                        "needed 4,000,002,000", "fix: sysctl -w vm.max_map_count=4000002000"));
  }

  @Test
  void foldersThatCannotShareFilesAreNoPlaceToStart() throws IOException {
    Path elsewhere = Path.of("/dev/shm");
    assumeThat(Files.isWritable(elsewhere)).isTrue();
    assumeThat(Files.getFileStore(elsewhere)).isNotEqualTo(Files.getFileStore(folder));

    assertThatThrownBy(() -> HostGate.pass(folder, elsewhere, new HostNeeds(1, 1, 1, 1, 1)))
        .isInstanceOfSatisfying(
            CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIG))
        .hasMessageStartingWith("this host is not fit to start on: files can't be shared")
        .hasMessageContaining("found no hard links", "fix: put both folders on one file system");
  }

  @Test
  void rootDoesNotWriteIntoTheFoldersOfAnother() throws IOException {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Path data = Files.createDirectory(folder.resolve("data"));
    assertThatCode(() -> HostGate.writes(data, data.resolve("index"))).doesNotThrowAnyException();
    Files.setAttribute(data, "unix:uid", NOBODY);

    for (Path one : List.of(data, data.resolve("index"))) {
      assertThatThrownBy(() -> HostGate.writes(folder, one))
          .isInstanceOfSatisfying(
              CommandException.class,
              e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CANNOT_WRITE))
          .hasMessageStartingWith("nothing was done: " + one + " is another account's");
    }
  }
}
