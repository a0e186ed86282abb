package freshet.indexer.scan;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Guesses keys that lie evenly between two others. They need not exist, nor lie there in the order
 * of a collation: the database is asked for the keys that follow them. Pure.
 *
 * @param codec of keys
 */
record KeyPoints(KeyCodec codec) {
  /**
   * Characters after the common beginning of two texts, and bytes of two binary values, at least.
   */
  private static final int RESOLUTION = 8;

  private static final BigInteger UNSIGNED = BigInteger.ONE.shiftLeft(Long.SIZE);

  /**
   * Guesses.
   *
   * @param letters that texts of keys are made of, as far as is known
   * @param count at most so many, none of them twice; none where nothing can be guessed
   */
  List<DocumentKey> between(DocumentKey first, DocumentKey last, Letters letters, int count) {
    List<Object> from = codec.decode(first);
    List<Object> to = codec.decode(last);
    int column = 0;
    while (column < from.size() && isEqual(from.get(column), to.get(column))) {
      column++;
    }
    LinkedHashSet<DocumentKey> points = new LinkedHashSet<>();
    if (column < from.size()) {
      List<Object> values = new ArrayList<>(from);
      for (int i = 1; i <= count; i++) {
        values.set(column, between(from.get(column), to.get(column), letters, i, count + 1));
        points.add(codec.encode(values));
      }
    }
    points.remove(first);
    points.remove(last);
    return List.copyOf(points);
  }

  private static boolean isEqual(Object one, Object other) {
    return one instanceof byte[] bytes ? Arrays.equals(bytes, (byte[]) other) : one.equals(other);
  }

  private static Object between(Object from, Object to, Letters letters, int part, int parts) {
    return switch (from) {
      case Long number ->
          point(BigInteger.valueOf(number), BigInteger.valueOf((Long) to), part, parts)
              .longValueExact();
      case BigInteger number -> point(number, (BigInteger) to, part, parts).mod(UNSIGNED);
      case String text -> text(text, (String) to, letters, part, parts);
      case byte[] bytes -> bytes(bytes, (byte[]) to, part, parts);
      default -> throw new IllegalArgumentException("no key has a " + from.getClass().getName());
    };
  }

  private static BigInteger point(BigInteger from, BigInteger to, int part, int parts) {
    return to.subtract(from)
        .multiply(BigInteger.valueOf(part))
        .divide(BigInteger.valueOf(parts))
        .add(from);
  }

  private static byte[] bytes(byte[] from, byte[] to, int part, int parts) {
    int length = Math.max(RESOLUTION, Math.max(from.length, to.length));
    BigInteger point =
        point(
            new BigInteger(1, Arrays.copyOf(from, length)),
            new BigInteger(1, Arrays.copyOf(to, length)),
            part,
            parts);
    byte[] signed = point.toByteArray();
    byte[] result = new byte[length];
    int digits = Math.min(length, signed.length);
    System.arraycopy(signed, signed.length - digits, result, length - digits, digits);
    return result;
  }

  private static String text(String from, String to, Letters letters, int part, int parts) {
    int common = 0;
    while (common < Math.min(from.length(), to.length())
        && from.charAt(common) == to.charAt(common)) {
      common++;
    }
    if (common > 0 && Character.isHighSurrogate(from.charAt(common - 1))) {
      common--;
    }
    BigInteger point =
        point(
            letters.number(from, common, RESOLUTION),
            letters.number(to, common, RESOLUTION),
            part,
            parts);
    return from.substring(0, common) + letters.text(point, RESOLUTION);
  }
}
