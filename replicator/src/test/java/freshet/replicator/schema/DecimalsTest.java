package freshet.replicator.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {
  @Property
  void termsAreOrderedAsTheirNumbers(
      @ForAll BigInteger a,
      @ForAll @IntRange(min = -60, max = 60) int scaleOfA,
      @ForAll BigInteger b,
      @ForAll @IntRange(min = -60, max = 60) int scaleOfB) {
    BigDecimal one = new BigDecimal(a, scaleOfA);
    BigDecimal other = new BigDecimal(b, scaleOfB);
    assertThat(Integer.signum(Arrays.compareUnsigned(Decimals.term(one), Decimals.term(other))))
        .isEqualTo(one.compareTo(other));
  }

  @Test
  void neighboursAreOrderedToo() {
    String[] ascending = {
      "-1e399", "-100", "-99.9", "-12", "-1.23", "-1.2", "-1.19", "-1", "-0.12", "-0.1", "-1e-400",
      "0", "1e-400", "0.1", "0.12", "1", "1.19", "1.2", "1.23", "12", "99.9", "100", "1e399"
    };
    for (int i = 1; i < ascending.length; i++) {
      byte[] before = Decimals.term(Decimals.parse(ascending[i - 1]));
      byte[] after = Decimals.term(Decimals.parse(ascending[i]));
      assertThat(Arrays.compareUnsigned(before, after)).as(ascending[i]).isNegative();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.50", "1.5", "15e-1", "0.015E2"})
  void equalNumbersHaveOneTerm(String text) {
    assertThat(Decimals.term(Decimals.parse(text))).isEqualTo(Decimals.term(new BigDecimal("1.5")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cheap", "NaN", "1e999999999", "1e400", "1e-401", "--1"})
  void whatIsNoneOrTooLongIsRefused(String text) {
    assertThatThrownBy(() -> Decimals.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a decimal number with up to 400 digits before and after its point")
        .hasMessageEndingWith("found '" + text + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1e399", "-1e-400", "12.50", "0.00"})
  void whatIsReadCanBeReadAgainWhenItIsWrittenOut(String text) {
    BigDecimal number = Decimals.parse(text);
    assertThat(Decimals.parse(number.toPlainString())).isEqualByComparingTo(number);
  }
}
