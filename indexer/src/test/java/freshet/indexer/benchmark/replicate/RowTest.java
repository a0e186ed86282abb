package freshet.indexer.benchmark.replicate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RowTest {

  @Test
  void helpNamesEveryRow() {
    assertThat(Row.NAMES)
        .isEqualTo(Arrays.stream(Row.values()).map(Row::text).collect(Collectors.joining(", ")));
  }
}
