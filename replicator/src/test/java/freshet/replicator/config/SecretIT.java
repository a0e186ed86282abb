package freshet.replicator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretIT {
  @TempDir Path folder;

  @Test
  void noSecretShowsItself() {
    assertThat(Secret.literal("hush")).hasToString("***");
    assertThat(Secret.ofCommand("echo hush")).hasToString("***");
  }

  @Test
  void aChangedFileIsTakenUp() throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "one\n");
    Secret secret = Secret.ofFile(file);
    assertThat(secret.fetch()).isEqualTo("one");

    Files.writeString(file, " two \r\n");
    assertThat(secret.fetch()).isEqualTo(" two ");
  }

  @Test
  void aMissingOrEmptyFileIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("password"), "\n");
    assertThatThrownBy(() -> Secret.ofFile(file).fetch())
        .isInstanceOf(IOException.class)
        .hasMessage("password file %s: it is empty, a password in one line is expected", file);
    assertThatThrownBy(() -> Secret.ofFile(folder.resolve("none")).fetch())
        .isInstanceOf(IOException.class);
  }

  @Test
  void aCommandGivesWhatItPrints() throws IOException {
    assertThat(Secret.ofCommand("printf 'hu%s\\n' sh").fetch()).isEqualTo("hush");
  }

  @Test
  void aCommandThatFailsGivesNothingAway() {
    assertThatThrownBy(() -> Secret.ofCommand("echo hush | cat; exit 3").fetch())
        .isInstanceOf(IOException.class)
        .hasMessage("password command 'echo hush | cat; exit 3': it ended with exit code 3");
  }

  @Test
  void aCommandThatHangsIsEnded() {
    Path mark = folder.resolve("mark");
    String command = "sleep 600; touch " + mark;
    assertThatThrownBy(() -> Secret.ofCommand(command, Duration.ofMillis(200)).fetch())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no password within 200ms; it was ended");
    assertThat(mark).doesNotExist();
  }

  @Test
  void aCommandThatTalksWithoutEndIsRefused() {
    assertThatThrownBy(() -> Secret.ofCommand("yes").fetch())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than 4096 bytes are no password");
  }
}
