package freshet.indexer.scan;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;

/**
 * Guesses keys that lie evenly between two others. They need not exist, nor lie there in the order
 * of a collation: the database is asked for the keys that follow them. Pure.
 *
 * @param codec of keys
 */
record KeyPoints(KeyCodec codec) {
  private static final String DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
  private static final int BASE = DIGITS.length();

  /**
   * Characters after the common beginning of two texts, and bytes of two binary values, at least.
   */
  private static final int RESOLUTION = 8;

  private static final BigInteger UNSIGNED = BigInteger.ONE.shiftLeft(Long.SIZE);

  /** At most so many, none of them twice; none where nothing can be guessed. */
  List<DocumentKey> between(DocumentKey first, DocumentKey last, int count) {
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
        values.set(column, between(from.get(column), to.get(column), i, count + 1));
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

  private static Object between(Object from, Object to, int part, int parts) {
    return switch (from) {
      case Long number ->
          point(BigInteger.valueOf(number), BigInteger.valueOf((Long) to), part, parts)
              .longValueExact();
      case BigInteger number -> point(number, (BigInteger) to, part, parts).mod(UNSIGNED);
      case String text -> text(text, (String) to, part, parts);
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

  /** Letters and digits alone, which most keys are made of. */
  private static String text(String from, String to, int part, int parts) {
    int common = 0;
    while (common < Math.min(from.length(), to.length())
        && from.charAt(common) == to.charAt(common)) {
      common++;
    }
    if (common > 0 && Character.isHighSurrogate(from.charAt(common - 1))) {
      common--;
    }
    BigInteger point = point(digits(from, common), digits(to, common), part, parts);
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < RESOLUTION; i++) {
      BigInteger[] split = point.divideAndRemainder(BigInteger.valueOf(BASE));
      digits.append(DIGITS.charAt(split[1].intValue()));
      point = split[0];
    }
    String text = digits.reverse().toString();
    boolean isUpper = to.equals(to.toUpperCase(Locale.ROOT));
    return from.substring(0, common) + (isUpper ? text.toUpperCase(Locale.ROOT) : text);
  }

  private static BigInteger digits(String text, int from) {
    BigInteger number = BigInteger.ZERO;
    for (int i = from; i < from + RESOLUTION; i++) {
      int digit = i < text.length() ? DIGITS.indexOf(Character.toLowerCase(text.charAt(i))) : 0;
      number =
          number.multiply(BigInteger.valueOf(BASE)).add(BigInteger.valueOf(Math.max(0, digit)));
    }
    return number;
  }
}
