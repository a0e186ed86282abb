package freshet.replicator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class CityTest {

  @Property
  void everyNameSurvivesItsFolder(@ForAll @StringLength(max = 40) String name) {
    if (City.problemWith(name).isPresent()) {
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(name) && name.length() < 22)
          .isFalse();
      return;
    }
    String folder = new City(name).folder();

    assertThat(City.ofFolder(folder)).isEqualTo(new City(name));
    assertThat(folder).isEqualTo(folder.toLowerCase(Locale.ROOT)).doesNotContain("/", ".");
  }

  @Test
  void namesThatAttackGetHarmlessFolders() {
    assertThat(
            List.of("", ".", "../x", "São Paulo", "SFBAY", "sfbay", "a/b", "nul\0").stream()
                .map(name -> new City(name).folder()))
        .containsExactly(
            "_",
            "_2e",
            "_2e_2e_2fx",
            "_53_c3_a3o_20_50aulo",
            "_53_46_42_41_59",
            "sfbay",
            "a_2fb",
            "nul_00");
  }

  @Test
  void tooLongANameIsNoCity() {
    assertThat(City.problemWith("x".repeat(300)))
        .hasValueSatisfying(problem -> assertThat(problem).contains("300 characters"));
  }

  @Test
  void oneFolderHasOneSpelling() {
    for (String folder : List.of("_61", "A", "_2", "_zz", "..", "a.b", "_ff", "_2F")) {
      assertThatThrownBy(() -> City.ofFolder(folder)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
