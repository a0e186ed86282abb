package freshet.replicator.snapshot;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Turns key columns into bytes and back. Integers are 8 bytes, big-endian, signed ones with the
 * sign bit flipped. A string or binary column is its bytes; where another column follows, a zero
 * byte in it is written as 00 ff and its end as 00 00, so that a shorter value sorts first.
 *
 * @param types of the key's columns, in order
 */
public record KeyCodec(List<KeyType> types) {
  private static final BigInteger UNSIGNED_END = BigInteger.ONE.shiftLeft(Long.SIZE);

  /** Copies the list; a key has at least one column. */
  public KeyCodec {
    types = List.copyOf(types);
    if (types.isEmpty()) {
      throw new IllegalArgumentException("a key has at least one column");
    }
  }

  /**
   * The key of these column values.
   *
   * @param values one per column: Long or BigInteger for integers, String, byte[]
   * @throws IllegalArgumentException if a value is not of its column's type or range
   */
  public DocumentKey encode(List<?> values) {
    if (values.size() != types.size()) {
      throw new IllegalArgumentException(
          "the key has %d columns, %d values were given".formatted(types.size(), values.size()));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < types.size(); i++) {
      out.writeBytes(encodeColumn(types.get(i), values.get(i), i + 1 < types.size()));
    }
    return new DocumentKey(out.toByteArray());
  }

  /**
   * The column values of a key, as {@link #encode} takes them (integers as Long, or BigInteger for
   * an unsigned one).
   */
  public List<Object> decode(DocumentKey key) {
    ByteBuffer in = ByteBuffer.wrap(key.bytes());
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(decodeColumn(types.get(i), in, i + 1 < types.size()));
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(
          "key " + key.hex() + " is longer than its columns " + types);
    }
    return values;
  }

  /** A key for people: its columns, separated by commas. */
  public String show(DocumentKey key) {
    List<String> parts = new ArrayList<>();
    for (Object value : decode(key)) {
      parts.add(value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : value.toString());
    }
    return String.join(",", parts);
  }

  /**
   * The key that {@link #show} shows so. Commas inside a string column are only possible in the
   * last column.
   */
  public DocumentKey parse(String shown) {
    String[] parts = shown.split(",", types.size());
    if (parts.length != types.size()) {
      throw new IllegalArgumentException(
          "key '%s' has %d parts, %d are expected: %s"
              .formatted(shown, parts.length, types.size(), types));
    }
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      values.add(parseColumn(types.get(i), parts[i]));
    }
    return encode(values);
  }

  private static Object parseColumn(KeyType type, String shown) {
    try {
      return switch (type) {
        case BIGINT -> Long.valueOf(shown);
        case BIGINT_UNSIGNED -> new BigInteger(shown);
        case STRING -> shown;
        case BINARY -> HexFormat.of().parseHex(shown);
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is no %s"
              .formatted(
                  shown, type == KeyType.BINARY ? "row of hex digit pairs" : "integer of 64 bits"),
          e);
    }
  }

  private static byte[] encodeColumn(KeyType type, Object value, boolean isFollowed) {
    return switch (type) {
      case BIGINT -> big(((Number) value).longValue() ^ Long.MIN_VALUE);
      case BIGINT_UNSIGNED -> big(unsigned(value));
      case STRING -> bytes(((String) value).getBytes(StandardCharsets.UTF_8), isFollowed);
      case BINARY -> bytes((byte[]) value, isFollowed);
    };
  }

  private static Object decodeColumn(KeyType type, ByteBuffer in, boolean isFollowed) {
    return switch (type) {
      case BIGINT -> in.getLong() ^ Long.MIN_VALUE;
      case BIGINT_UNSIGNED -> new BigInteger(Long.toUnsignedString(in.getLong()));
      case STRING -> new String(readBytes(in, isFollowed), StandardCharsets.UTF_8);
      case BINARY -> readBytes(in, isFollowed);
    };
  }

  private static long unsigned(Object value) {
    BigInteger number =
        value instanceof BigInteger big ? big : BigInteger.valueOf(((Number) value).longValue());
    if (number.signum() < 0 || number.compareTo(UNSIGNED_END) >= 0) {
      throw new IllegalArgumentException(number + " is no unsigned integer of 64 bits");
    }
    return number.longValue();
  }

  private static byte[] big(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static byte[] bytes(byte[] value, boolean isFollowed) {
    if (!isFollowed) {
      return value;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(value.length + 2);
    for (byte b : value) {
      out.write(b);
      if (b == 0) {
        out.write(0xff);
      }
    }
    out.write(0);
    out.write(0);
    return out.toByteArray();
  }

  private static byte[] readBytes(ByteBuffer in, boolean isFollowed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(in.remaining());
    while (in.hasRemaining()) {
      byte b = in.get();
      if (isFollowed && b == 0 && in.get() == 0) {
        return out.toByteArray();
      }
      out.write(b);
    }
    return out.toByteArray();
  }
}
