package freshet.replicator.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class NearestTest {
  @Property
  void distanceIsTheSameBothWays(
      @ForAll @StringLength(max = 12) String a, @ForAll @StringLength(max = 12) String b) {
    assertThat(Nearest.distance(a, b)).isEqualTo(Nearest.distance(b, a));
    assertThat(Nearest.distance(a, a)).isZero();
  }

  @Test
  void aSlipOfTheFingersIsUnderstood() {
    List<String> keys = List.of("timeouts", "retry", "page_rows");
    assertThat(Nearest.to("timeuots", keys)).contains("timeouts");
    assertThat(Nearest.to("timeout", keys)).contains("timeouts");
    assertThat(Nearest.to("page-rows", keys)).contains("page_rows");
    assertThat(Nearest.to("colour", keys)).isEmpty();
  }
}
