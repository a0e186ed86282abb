package freshet.indexer.scan;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import java.math.BigInteger;
import java.util.Collection;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The letters that the texts of keys are made of, as digits of numbers. Which follows which is the
 * collation's to say; to guess keys, any order will do. Pure.
 *
 * @param digits each letter once
 */
record Letters(String digits) {
  private static final char LAST_OF_HEXADECIMAL = 'f';

  /** The letters of some keys, digits, and the whole alphabet where they are not hexadecimal. */
  static Letters of(Collection<DocumentKey> keys, KeyCodec codec) {
    TreeSet<Character> found = new TreeSet<>();
    addAll(found, '0', '9');
    for (DocumentKey key : keys) {
      for (Object value : codec.decode(key)) {
        if (value instanceof String text) {
          addLetters(found, text);
        }
      }
    }
    addAlphabet(found, 'a', 'z');
    addAlphabet(found, 'A', 'Z');
    return new Letters(found.stream().map(String::valueOf).collect(Collectors.joining()));
  }

  private static void addLetters(TreeSet<Character> to, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        to.add(text.charAt(i));
      }
    }
  }

  private static void addAlphabet(TreeSet<Character> to, char first, char last) {
    char unusual = (char) (first + LAST_OF_HEXADECIMAL - 'a' + 1);
    Character largest = to.floor(last);
    if (largest != null && largest >= unusual) {
      addAll(to, first, last);
    }
  }

  private static void addAll(TreeSet<Character> to, char first, char last) {
    for (char c = first; c <= last; c++) {
      to.add(c);
    }
  }

  /** What stands at a place in a text; where it is shorter, the first letter. */
  BigInteger number(String text, int from, int length) {
    BigInteger number = BigInteger.ZERO;
    for (int i = from; i < from + length; i++) {
      int digit = i < text.length() ? Math.max(0, digits.indexOf(text.charAt(i))) : 0;
      number = number.multiply(base()).add(BigInteger.valueOf(digit));
    }
    return number;
  }

  /** The text that stands for a number. */
  String text(BigInteger number, int length) {
    StringBuilder text = new StringBuilder();
    BigInteger left = number;
    for (int i = 0; i < length; i++) {
      BigInteger[] split = left.divideAndRemainder(base());
      text.append(digits.charAt(split[1].intValue()));
      left = split[0];
    }
    return text.reverse().toString();
  }

  private BigInteger base() {
    return BigInteger.valueOf(digits.length());
  }
}
