package freshet.replicator.schema;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit digest of a document's values, by which two versions of it are told apart where their
 * version column can't. It is MurmurHash3 (x64, 128 bits, the lower half) over the values in a form
 * where every value is tagged and has its length.
 */
public final class ContentDigest {
  private static final int SEED = 104_729;

  private ContentDigest() {}

  /** The digest of a document's values, in the order of its schema's fields. */
  public static long of(List<@Nullable Object> values) {
    Form form = new Form(values);
    for (Object value : values) {
      form.add(value);
    }
    return StringHelper.murmurhash3_x64_128(form.bytes.array(), 0, form.bytes.position(), SEED)[0];
  }

  /** The values as bytes. Every row that is read goes through here: it allocates as if by need. */
  private static final class Form {
    private static final int LARGEST_FIXED = 1 + 2 * Long.BYTES;

    private ByteBuffer bytes;

    Form(List<@Nullable Object> values) {
      int length = 0;
      for (Object value : values) {
        length += LARGEST_FIXED + (value instanceof String text ? text.length() : 0);
      }
      this.bytes = ByteBuffer.allocate(length);
    }

    void add(@Nullable Object value) {
      if (value instanceof String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        room(utf8.length).put((byte) 1).putInt(utf8.length).put(utf8);
        return;
      }
      room(0);
      switch (value) {
        case null -> bytes.put((byte) 0);
        case Long number -> bytes.put((byte) 2).putLong(number);
        case Double number -> bytes.put((byte) 3).putDouble(number);
        case Boolean flag -> bytes.put((byte) (flag ? 4 : 5));
        case Instant instant -> bytes.put((byte) 6).putLong(instant.toEpochMilli());
        case GeoPoint point ->
            bytes.put((byte) 7).putDouble(point.latitude()).putDouble(point.longitude());
        case List<?> list -> {
          bytes.put((byte) 8).putInt(list.size());
          list.forEach(this::add);
        }
        default ->
            throw new IllegalArgumentException("no field holds a " + value.getClass().getName());
      }
    }

    private ByteBuffer room(int more) {
      if (bytes.remaining() < LARGEST_FIXED + more) {
        int length = Math.addExact(bytes.position(), LARGEST_FIXED + more);
        bytes =
            ByteBuffer.wrap(Arrays.copyOf(bytes.array(), Math.max(length, length + length / 2)))
                .position(bytes.position());
      }
      return bytes;
    }
  }
}
