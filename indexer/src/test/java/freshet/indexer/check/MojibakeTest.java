package freshet.indexer.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MojibakeTest {
  @ParameterizedTest
  @ValueSource(strings = {"München", "Łódź", "北京", "🏠 for sale", "Ā", "naïve – “quoted”"})
  void bytesOfUtf8AreSeenAsWhatTheyMeant(String meant) {
    Mojibake found = Mojibake.of(List.of("plain", shown(meant)));

    assertThat(found.isWhole()).isTrue();
    assertThat(found.beyondAscii()).isEqualTo(1);
    assertThat(found.meant()).isEqualTo(meant);
    assertThat(found.example()).isEqualTo(shown(meant)).isNotEqualTo(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"München", "Ça va", "£5", "Ÿ", "Ã", "Łódź", "\u0081"})
  void lettersOfTheColumnAreLeftAlone(String proper) {
    assertThat(Mojibake.of(List.of(proper))).isEqualTo(new Mojibake(1, 0, "", ""));
  }

  @Test
  void nothingIsKnownOfAscii() {
    assertThat(Mojibake.of(List.of("", "plain")).isWhole()).isFalse();
  }

  @Test
  void aColumnOfBothIsNotWhole() {
    Mojibake found = Mojibake.of(List.of("Köln", shown("Köln")));

    assertThat(found.isWhole()).isFalse();
    assertThat(found.garbled()).isEqualTo(1);
  }

  @Test
  void aLetterMayBeCutInTwo() {
    String beginning = shown("ü".repeat(Sample.LONGEST)).substring(1, Sample.LONGEST);
    String cut = "x" + "Ã¼".repeat(Sample.LONGEST / 2).substring(0, Sample.LONGEST - 1);

    assertThat(Mojibake.of(List.of(cut)).isWhole()).isTrue();
    assertThat(Mojibake.of(List.of(beginning)).isWhole()).isFalse();
  }

  /** As the server shows a latin1 column that holds the text's UTF-8. */
  private static String shown(String meant) {
    StringBuilder shown = new StringBuilder();
    for (byte each : meant.getBytes(StandardCharsets.UTF_8)) {
      String letter = new String(new byte[] {each}, Charset.forName("windows-1252"));
      shown.append(letter.equals("\uFFFD") ? (char) (each & 0xFF) : letter.charAt(0));
    }
    return shown.toString();
  }
}
