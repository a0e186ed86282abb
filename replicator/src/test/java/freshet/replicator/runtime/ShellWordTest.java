package freshet.replicator.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShellWordTest {
  @Test
  void aShellReadsItAsOneWord() {
    assertThat(ShellWord.of("42,berlin")).isEqualTo("42,berlin");
    assertThat(ShellWord.of("köln")).isEqualTo("köln");
    assertThat(ShellWord.of("/etc/freshet.yaml")).isEqualTo("/etc/freshet.yaml");
    assertThat(ShellWord.of("")).isEqualTo("''");
    assertThat(ShellWord.of("new york")).isEqualTo("'new york'");
    assertThat(ShellWord.of("o'hara; rm -r x")).isEqualTo("'o'\\''hara; rm -r x'");
    assertThat(ShellWord.quoted("a")).isEqualTo("'a'");
  }
}
