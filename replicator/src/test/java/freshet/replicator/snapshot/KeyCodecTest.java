package freshet.replicator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeyCodecTest {
  private static final KeyCodec BIGINT = new KeyCodec(List.of(KeyType.BIGINT));
  private static final KeyCodec PAIR = new KeyCodec(List.of(KeyType.BINARY, KeyType.BIGINT));

  @Property
  void keysSortAsTheirIntegers(@ForAll long a, @ForAll long b) {
    assertThat(Integer.signum(key(a).compareTo(key(b)))).isEqualTo(Long.compare(a, b));
    assertThat(BIGINT.decode(key(a))).containsExactly(a);
    assertThat(BIGINT.parse(BIGINT.show(key(a)))).isEqualTo(key(a));
  }

  @Property
  void pairsSortByTheirFirstColumnFirst(
      @ForAll byte[] a, @ForAll long x, @ForAll byte[] b, @ForAll long y) {
    DocumentKey one = PAIR.encode(List.of(a, x));
    DocumentKey other = PAIR.encode(List.of(b, y));
    int first = Arrays.compareUnsigned(a, b);

    assertThat(Integer.signum(one.compareTo(other)))
        .isEqualTo(Integer.signum(first != 0 ? first : Long.compare(x, y)));
    List<Object> decoded = PAIR.decode(one);
    assertThat((byte[]) decoded.get(0)).isEqualTo(a);
    assertThat(decoded.get(1)).isEqualTo(x);
  }

  @Test
  void unsignedKeysReachBeyondTheSign() {
    KeyCodec codec = new KeyCodec(List.of(KeyType.BIGINT_UNSIGNED));
    BigInteger last = new BigInteger("18446744073709551615");

    assertThat(codec.show(codec.encode(List.of(last)))).isEqualTo("18446744073709551615");
    assertThat(codec.encode(List.of(last))).isGreaterThan(codec.encode(List.of(7L)));
    assertThatThrownBy(() -> codec.encode(List.of(-1L)))
        .hasMessage("-1 is no unsigned integer of 64 bits");
  }

  private static DocumentKey key(long value) {
    return BIGINT.encode(List.of(value));
  }
}
