package freshet.replicator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "listing",
        "job-board",
        "2024",
        "1e3",
        ".inf",
        "datetime(6)",
        " ",
        "~",
        "on",
        "No",
        "NULL",
        "- item",
        "a: b",
        "x # y",
        "it's",
        "*alias",
        "{a}",
        "100%",
        "@home",
        "`deleted_at` IS NULL",
        "São Paulo",
        "${HOME}",
        "a$b"
      })
  void whatIsWrittenIsReadAgain(String text) throws ConfigException {
    ConfigFile file =
        ConfigFile.ofText(
            "list: [" + YamlText.of(text) + "]\nname: " + YamlText.of(text),
            Path.of("a.yaml"),
            Map.of("HOME", "not this"));
    String name = file.root().text("name", "missing");
    String item = file.root().texts("list").getFirst();

    assertThat(file.finish(file.root().make(() -> name + "|" + item))).isEqualTo(text + "|" + text);
  }

  @Test
  void aCommentIsOneLine() {
    assertThat(YamlText.oneLine("a\nb:\t c")).isEqualTo("a b: c");
  }
}
