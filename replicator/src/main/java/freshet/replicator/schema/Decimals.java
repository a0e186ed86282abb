package freshet.replicator.schema;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * Exact decimal numbers, and the terms that stand for them in the index: bytes whose unsigned order
 * is that of the numbers, equal where the numbers are, whatever zeros they end with.
 *
 * <p>A term is 0, 1 or 2 for below, at or above zero; then the power of ten of the first digit,
 * biased, in two bytes; then the digits without zeros at their end. Below zero all that follows the
 * sign is inverted and ends with ff, so that more digits come first.
 */
public final class Decimals {
  /** Far beyond the 65 digits of a DECIMAL, and what a double takes when it is written out. */
  private static final int MOST_DIGITS = 400;

  private static final int BIAS = 0x4000;

  private Decimals() {}

  /**
   * Reads a number.
   *
   * @throws IllegalArgumentException if it is none, or has more than 400 digits before or after its
   *     point
   */
  public static BigDecimal parse(String text) {
    if (text.length() <= 2 * MOST_DIGITS + 3) {
      try {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) <= MOST_DIGITS
            && (long) number.precision() - number.scale() <= MOST_DIGITS) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Told below, with what is expected.
      }
    }
    throw new IllegalArgumentException(
        "a decimal number with up to %d digits before and after its point is expected, found '%s'"
            .formatted(MOST_DIGITS, text.length() <= 40 ? text : text.substring(0, 40) + "…"));
  }

  /** The term of a number that {@link #parse} has read. */
  public static byte[] term(BigDecimal number) {
    if (number.signum() == 0) {
      return new byte[] {1};
    }
    BigDecimal plain = number.abs().stripTrailingZeros();
    int power = plain.precision() - plain.scale() + BIAS;
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.write(power >> Byte.SIZE);
    rest.write(power);
    rest.writeBytes(plain.unscaledValue().toString().getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = rest.toByteArray();
    boolean isBelow = number.signum() < 0;
    ByteArrayOutputStream term = new ByteArrayOutputStream();
    term.write(isBelow ? 0 : 2);
    for (byte one : bytes) {
      term.write(isBelow ? ~one : one);
    }
    if (isBelow) {
      term.write(0xff);
    }
    return term.toByteArray();
  }
}
