package freshet.replicator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PathPatternTest {
  @Test
  void literalsMatchOnlyAsTheyAre() {
    PathPattern pattern = PathPattern.of("/LATEST");

    assertThat(pattern.match("/LATEST")).contains(Map.of());
    assertThat(pattern.match("/L%41TEST")).isEmpty();
    assertThat(pattern.match("/LATEST/")).isEmpty();
    assertThat(pattern.match("//LATEST")).isEmpty();
    assertThat(pattern.match("LATEST")).isEmpty();
  }

  @Test
  void aNamedSegmentIsDecoded() {
    PathPattern pattern = PathPattern.of("/slaves/{name}");

    assertThat(pattern.match("/slaves/node%2D1")).contains(Map.of("name", "node-1"));
    assertThat(pattern.match("/slaves")).isEmpty();
    assertThat(pattern.match("/slaves/a/b")).isEmpty();
  }

  @Test
  void theRestTakesOneSegmentOrMore() {
    PathPattern pattern = PathPattern.of("/cities/**");

    assertThat(pattern.match("/cities/a")).contains(Map.of());
    assertThat(pattern.match("/cities/a/b/c")).contains(Map.of());
    assertThat(pattern.match("/cities")).isEmpty();
    assertThatThrownBy(() -> PathPattern.of("/a/**/b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
