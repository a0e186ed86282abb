package freshet.indexer.check;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;

/**
 * Texts of a latin1 column whose bytes are UTF-8: a client with the wrong character set wrote them,
 * and whoever reads the column properly sees {@code MÃ¼nchen}. Pure.
 *
 * @param beyondAscii how many texts have a letter outside ASCII, by which alone it can be told
 * @param garbled how many of these are such texts
 * @param example one of them as it is shown; empty if there is none
 * @param meant the same as it was meant
 */
public record Mojibake(int beyondAscii, int garbled, String example, String meant) {
  /** What MySQL calls latin1. */
  private static final Charset WINDOWS = Charset.forName("windows-1252");

  private static final int FIRST_CONTROL = 0x80;
  private static final int FIRST_LETTER = 0xA0;

  /** Looks at texts as they are shown, each of them perhaps cut off at {@link Sample#LONGEST}. */
  public static Mojibake of(Collection<String> texts) {
    Mojibake found = new Mojibake(0, 0, "", "");
    for (String text : texts) {
      if (text.chars().anyMatch(letter -> letter >= FIRST_CONTROL)) {
        found = found.with(text);
      }
    }
    return found;
  }

  private Mojibake with(String text) {
    Optional<String> meaning = meaning(text);
    return meaning.isEmpty()
        ? new Mojibake(beyondAscii + 1, garbled, example, meant)
        : new Mojibake(beyondAscii + 1, garbled + 1, text, meaning.get());
  }

  /** Whether all of them are such texts, and there is one. */
  public boolean isWhole() {
    return garbled > 0 && garbled == beyondAscii;
  }

  /** The text that somebody wrote as UTF-8 whose bytes are shown like this; else empty. */
  private static Optional<String> meaning(String shown) {
    CharsetEncoder encoder = WINDOWS.newEncoder();
    ByteBuffer bytes = ByteBuffer.allocate(shown.length());
    for (int i = 0; i < shown.length(); i++) {
      char letter = shown.charAt(i);
      if (letter < FIRST_LETTER) {
        // The server keeps the five bytes that windows-1252 leaves out.
        bytes.put((byte) letter);
      } else if (encoder.canEncode(letter)) {
        bytes.put(WINDOWS.encode(String.valueOf(letter)));
      } else {
        return Optional.empty();
      }
    }
    bytes.flip();
    CharBuffer meant = CharBuffer.allocate(bytes.remaining());
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    boolean isComplete = shown.length() < Sample.LONGEST;
    try {
      CoderResult result = decoder.decode(bytes, meant, isComplete);
      if (result.isError()) {
        result.throwException();
      }
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    String text = meant.flip().toString();
    return text.chars().anyMatch(letter -> letter >= FIRST_CONTROL)
        ? Optional.of(text)
        : Optional.empty();
  }
}
