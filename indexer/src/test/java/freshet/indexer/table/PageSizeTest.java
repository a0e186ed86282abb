package freshet.indexer.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageSizeTest {

  /** F is a page that failed, g a full one that was read, s a small one. */
  @ParameterizedTest
  @CsvSource({
    "'', 1000",
    "gggggggggggg, 1000",
    "F, 500",
    "FF, 250",
    "Fggggggg, 500",
    "Fgggggggg, 1000",
    "FFgggggggg, 500",
    "FFgggggggggggggggg, 1000",
    "Fgggggggggggggggg, 1000",
    "FgggggggFgggggggg, 500",
    "Fssssssssssssssss, 500",
    "FFFFFFFFFF, 1",
    "FFFFFFFFFFFFFF, 1",
    "FFFFFFFFFFgggggggg, 2"
  })
  void followsWhatBecomesOfPages(String pages, int expected) {
    PageSize size = new PageSize(1000);
    for (char page : pages.toCharArray()) {
      int before = size.rows();
      boolean isChanged =
          switch (page) {
            case 'F' -> size.failed();
            case 'g' -> size.succeeded(size.rows());
            default -> size.succeeded(size.rows() / 2);
          };
      assertThat(isChanged).isEqualTo(size.rows() != before);
    }
    assertThat(size.rows()).isEqualTo(expected);
  }

  @Test
  void growsNoFurtherThanConfigured() {
    PageSize size = new PageSize(3);
    assertThat(size.failed()).isTrue();
    for (int i = 0; i < 100; i++) {
      boolean unused = size.succeeded(3);
    }
    assertThat(size.rows()).isEqualTo(3);
  }
}
