package freshet.indexer.connect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is in a packet of MySQL's protocol, as it is put together. */
final class Payload {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  Payload number(int value, int width) {
    for (int i = 0; i < width; i++) {
      bytes.write(value >>> (8 * i));
    }
    return this;
  }

  Payload text(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return bytes(encoded, 0, encoded.length);
  }

  Payload bytes(byte[] some, int from, int length) {
    bytes.write(some, from, length);
    return this;
  }

  /** A text after its length, or NULL; long enough for tests. */
  Payload sized(@Nullable String text) {
    if (text == null) {
      return number(0xfb, 1);
    }
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return (length < 251 ? number(length, 1) : number(0xfc, 1).number(length, 2)).text(text);
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
