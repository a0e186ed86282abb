package freshet.replicator.schema;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that grow, and the form of documents' values in them: every value is tagged, and what may
 * be long has its length in front. Equal values have equal bytes; a date counts by its
 * milliseconds, as in the index. Not thread-safe.
 */
public final class ValueBytes {
  private static final byte NULL = 0;
  private static final byte TEXT = 1;
  private static final byte LONG = 2;
  private static final byte DOUBLE = 3;
  private static final byte TRUE = 4;
  private static final byte FALSE = 5;
  private static final byte DATE = 6;
  private static final byte POINT = 7;
  private static final byte LIST = 8;
  private static final byte DECIMAL = 9;
  private static final int LARGEST_FIXED = 1 + 2 * Long.BYTES;

  private ByteBuffer bytes;

  /** None yet, and room for so many. */
  public ValueBytes(int room) {
    this.bytes = ByteBuffer.allocate(Math.max(room, LARGEST_FIXED));
  }

  /** About how many bytes these values take, if all their letters are ASCII. */
  static int estimate(List<@Nullable Object> values) {
    int length = 0;
    for (Object value : values) {
      length += LARGEST_FIXED + (value instanceof String text ? text.length() : 0);
    }
    return length;
  }

  /** Where the bytes begin, at 0; replaced when they grow. */
  public byte[] array() {
    return bytes.array();
  }

  /** How many there are. */
  public int length() {
    return bytes.position();
  }

  /** Makes it empty, and keeps the room. */
  public void clear() {
    bytes.clear();
  }

  /** Adds a number in 4 bytes. */
  public void putInt(int number) {
    room(0).putInt(number);
  }

  /** Adds a number in 8 bytes. */
  public void putLong(long number) {
    room(0).putLong(number);
  }

  /** Adds bytes with their length. */
  public void putBytes(byte[] more) {
    room(more.length).putInt(more.length).put(more);
  }

  /** Adds the values of a document. */
  public void putValues(List<@Nullable Object> values) {
    for (Object value : values) {
      put(value);
    }
  }

  /** Reads what {@link #putBytes} has written. */
  public static byte[] bytes(ByteBuffer from) {
    byte[] read = new byte[from.getInt()];
    from.get(read);
    return read;
  }

  /** Reads so many values as {@link #putValues} has written. */
  public static List<@Nullable Object> values(ByteBuffer from, int count) {
    List<@Nullable Object> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(value(from));
    }
    return values;
  }

  private void put(@Nullable Object value) {
    if (value instanceof String text) {
      put(TEXT, text);
      return;
    }
    if (value instanceof BigDecimal number) {
      put(DECIMAL, number.toPlainString());
      return;
    }
    room(0);
    switch (value) {
      case null -> bytes.put(NULL);
      case Long number -> bytes.put(LONG).putLong(number);
      case Double number -> bytes.put(DOUBLE).putDouble(number);
      case Boolean flag -> bytes.put(flag ? TRUE : FALSE);
      case Instant instant -> bytes.put(DATE).putLong(instant.toEpochMilli());
      case GeoPoint point ->
          bytes.put(POINT).putDouble(point.latitude()).putDouble(point.longitude());
      case List<?> list -> {
        bytes.put(LIST).putInt(list.size());
        list.forEach(this::put);
      }
      default ->
          throw new IllegalArgumentException("no field holds a " + value.getClass().getName());
    }
  }

  private void put(byte tag, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    room(utf8.length).put(tag).putInt(utf8.length).put(utf8);
  }

  private static @Nullable Object value(ByteBuffer from) {
    byte tag = from.get();
    return switch (tag) {
      case NULL -> null;
      case TEXT -> new String(bytes(from), StandardCharsets.UTF_8);
      case DECIMAL -> Decimals.parse(new String(bytes(from), StandardCharsets.UTF_8));
      case LONG -> from.getLong();
      case DOUBLE -> from.getDouble();
      case TRUE -> true;
      case FALSE -> false;
      case DATE -> Instant.ofEpochMilli(from.getLong());
      case POINT -> new GeoPoint(from.getDouble(), from.getDouble());
      case LIST -> values(from, from.getInt());
      default -> throw new IllegalArgumentException("no value begins with the byte " + tag);
    };
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < LARGEST_FIXED + more) {
      int length = Math.addExact(bytes.position(), LARGEST_FIXED + more);
      int grown = (int) Math.min(Integer.MAX_VALUE - 8L, length + length / 2L);
      bytes =
          ByteBuffer.wrap(Arrays.copyOf(bytes.array(), Math.max(length, grown)))
              .position(bytes.position());
    }
    return bytes;
  }
}
