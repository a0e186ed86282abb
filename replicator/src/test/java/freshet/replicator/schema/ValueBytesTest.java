package freshet.replicator.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueBytesTest {
  @Test
  void valuesOfEveryTypeAreReadAsTheyWereWritten() {
    List<Object> values =
        Arrays.asList(
            null,
            "",
            "Größe 漢字 😀",
            Long.MIN_VALUE,
            -0.0,
            Double.NaN,
            true,
            false,
            Instant.ofEpochMilli(-5),
            new GeoPoint(-90, 180),
            List.of("a", "x".repeat(5_000)),
            List.of());
    ValueBytes bytes = new ValueBytes(1);
    bytes.putInt(7);
    bytes.putBytes(new byte[] {1, 2});
    bytes.putLong(-1);
    bytes.putValues(values);

    ByteBuffer read = ByteBuffer.wrap(bytes.array(), 0, bytes.length());
    assertThat(read.getInt()).isEqualTo(7);
    assertThat(ValueBytes.bytes(read)).containsExactly(1, 2);
    assertThat(read.getLong()).isEqualTo(-1);
    assertThat(ValueBytes.values(read, values.size())).isEqualTo(values);
    assertThat(read.hasRemaining()).isFalse();
  }

  @Test
  void whatIsNoValueIsRefused() {
    assertThatThrownBy(() -> ValueBytes.values(ByteBuffer.wrap(new byte[] {99}), 1))
        .hasMessage("no value begins with the byte 99");
    assertThatThrownBy(() -> new ValueBytes(1).putValues(List.of('x')))
        .hasMessageContaining("java.lang.Character");
  }
}
