package freshet.replicator.config;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SizesTest {
  @Property
  void whatIsShownIsReadAgain(
      @ForAll @IntRange(max = 999_999) int number, @ForAll @IntRange(max = 4) int unit) {
    long bytes = number * (1L << (10 * unit));
    assertThat(Sizes.parse(Sizes.show(bytes))).hasValue(bytes);
  }

  @Property
  void noTextBreaksTheParser(@ForAll String text) {
    Sizes.parse(text).ifPresent(bytes -> assertThat(bytes).isNotNegative());
  }

  @Test
  void unitsArePowersOf1024() {
    assertThat(Sizes.parse("512B")).hasValue(512);
    assertThat(Sizes.parse("64KB")).hasValue(65_536);
    assertThat(Sizes.parse("16MB")).hasValue(16 << 20);
    assertThat(Sizes.parse("1GB")).hasValue(1L << 30);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "64", "MB", "-1MB", "1.5MB", "64 MB", "64mb", "64M", "1234567MB"})
  void whatHasNoUnitOrNoWholeNumberIsNone(String text) {
    assertThat(Sizes.parse(text)).isEmpty();
  }
}
