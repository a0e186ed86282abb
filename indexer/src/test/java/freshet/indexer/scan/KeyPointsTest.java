package freshet.indexer.scan;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.KeyType;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyPointsTest {
  private static List<String> between(KeyType type, Object first, Object last, int count) {
    return between(List.of(type), List.of(first), List.of(last), count);
  }

  private static List<String> between(List<KeyType> types, List<?> first, List<?> last, int count) {
    KeyCodec codec = new KeyCodec(types);
    List<DocumentKey> ends = List.of(codec.encode(first), codec.encode(last));
    return new KeyPoints(codec)
        .between(ends.getFirst(), ends.getLast(), Letters.of(ends, codec), count).stream()
            .map(codec::show)
            .toList();
  }

  @Test
  void numbersLieEvenly() {
    assertThat(between(KeyType.BIGINT, 0L, 100L, 3)).containsExactly("25", "50", "75");
    assertThat(between(KeyType.BIGINT, Long.MIN_VALUE, Long.MAX_VALUE, 1)).containsExactly("-1");
    assertThat(
            between(
                KeyType.BIGINT_UNSIGNED,
                BigInteger.ZERO,
                BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE),
                1))
        .containsExactly("9223372036854775807");
  }

  @Test
  void nothingLiesBetweenNeighbours() {
    assertThat(between(KeyType.BIGINT, 5L, 6L, 4)).isEmpty();
    assertThat(between(KeyType.BIGINT, 5L, 5L, 4)).isEmpty();
    assertThat(between(KeyType.BIGINT, 5L, 7L, 4)).containsExactly("6");
    assertThat(between(KeyType.STRING, "same", "same", 4)).isEmpty();
  }

  @Test
  void textsGoOnBehindWhatTheyHaveInCommon() {
    assertThat(between(KeyType.STRING, "sku-100", "sku-900", 3))
        .allSatisfy(text -> assertThat(text).startsWith("sku-").isBetween("sku-100", "sku-900"))
        .isSorted()
        .hasSize(3);
  }

  @Test
  void aHighSurrogateIsNotTornFromItsPair() {
    assertThat(between(KeyType.STRING, "\uD83C\uDFE0", "\uD83C\uDFF0", 2))
        .allSatisfy(text -> assertThat(text.chars()).noneMatch(c -> c >= 0xD800 && c < 0xE000));
  }

  @Test
  void hexadecimalTextsGuessNoOtherLetters() {
    assertThat(between(KeyType.STRING, "00ab", "ffcd", 9))
        .hasSize(9)
        .allSatisfy(text -> assertThat(text).matches("[0-9a-f]+"));
  }

  @Test
  void bytesLieEvenlyAndKeepTheirLength() {
    byte[] first = new byte[16];
    byte[] last = new byte[16];
    java.util.Arrays.fill(last, (byte) 0xff);
    assertThat(between(KeyType.BINARY, first, last, 1))
        .containsExactly("7fffffffffffffffffffffffffffffff");
  }

  @Test
  void theFirstColumnThatDiffersCounts() {
    List<KeyType> types = List.of(KeyType.STRING, KeyType.BIGINT);
    assertThat(between(types, List.of("nyc", 10L), List.of("nyc", 20L), 1))
        .containsExactly("nyc,15");
    assertThat(between(types, List.of("1", 10L), List.of("3", 20L), 1))
        .singleElement()
        .asString()
        .startsWith("2")
        .endsWith(",10");
  }
}
