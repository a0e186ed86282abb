package freshet.replicator.snapshot;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.BitSet;

/**
 * Which documents of a segment are deleted, as text: a letter, then Base64. After {@code g} come
 * the gaps between them, each of so many bytes of seven bits, the lowest first; after {@code b} one
 * bit a document. The shorter is written.
 */
public final class DeletedDocuments {
  private static final char GAPS = 'g';
  private static final char BITS = 'b';
  private static final int SEVEN = 7;
  private static final int MORE = 0x80;

  private DeletedDocuments() {}

  /** The text of these. */
  public static String write(BitSet deleted) {
    byte[] gaps = gaps(deleted);
    byte[] bits = deleted.toByteArray();
    return gaps.length <= bits.length ? text(GAPS, gaps) : text(BITS, bits);
  }

  /**
   * Those of a text.
   *
   * @param documents that the segment has
   * @throws IllegalArgumentException if it is no such text, or names a document beyond those
   */
  public static BitSet read(String text, int documents) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("which documents are deleted is not said");
    }
    byte[] bytes = Base64.getDecoder().decode(text.substring(1));
    BitSet deleted =
        switch (text.charAt(0)) {
          case GAPS -> ofGaps(bytes, documents);
          case BITS -> BitSet.valueOf(bytes);
          default ->
              throw new IllegalArgumentException(
                  "deleted documents begin with 'g' or 'b', not with '%s'"
                      .formatted(text.charAt(0)));
        };
    requireWithin(deleted.length() - 1, documents);
    return deleted;
  }

  private static void requireWithin(long document, int documents) {
    if (document >= documents) {
      throw new IllegalArgumentException(
          "document %d is said to be deleted, of %d".formatted(document, documents));
    }
  }

  private static String text(char form, byte[] bytes) {
    return form + Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] gaps(BitSet deleted) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int before = -1;
    for (int at = deleted.nextSetBit(0); at >= 0; at = deleted.nextSetBit(at + 1)) {
      int gap = at - before - 1;
      for (; gap >= MORE; gap >>>= SEVEN) {
        bytes.write(gap | MORE);
      }
      bytes.write(gap);
      before = at;
    }
    return bytes.toByteArray();
  }

  private static BitSet ofGaps(byte[] bytes, int documents) {
    BitSet deleted = new BitSet();
    long at = -1;
    long gap = 0;
    int shift = 0;
    for (byte b : bytes) {
      if (shift > Integer.SIZE) {
        throw new IllegalArgumentException("a gap between deleted documents is too large");
      }
      gap |= (long) (b & (MORE - 1)) << shift;
      shift += SEVEN;
      if ((b & MORE) == 0) {
        at += gap + 1;
        requireWithin(at, documents);
        deleted.set((int) at);
        gap = 0;
        shift = 0;
      }
    }
    if (shift != 0) {
      throw new IllegalArgumentException("the last gap between deleted documents is cut");
    }
    return deleted;
  }
}
