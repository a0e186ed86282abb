package freshet.replicator.snapshot;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A document's primary key as bytes whose unsigned order is the order of the database. How columns
 * become bytes is {@link KeyCodec}'s to know. Immutable.
 */
public final class DocumentKey implements Comparable<DocumentKey> {
  /** Before every other key. */
  public static final DocumentKey EMPTY = new DocumentKey(new byte[0]);

  private final byte[] bytes;

  /** A key of these bytes, which are copied. */
  public DocumentKey(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** The key whose {@link #hex()} this is. */
  public static DocumentKey ofHex(String hex) {
    return new DocumentKey(HexFormat.of().parseHex(hex));
  }

  /** A copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** The bytes as lower-case hexadecimal digits. */
  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public int compareTo(DocumentKey other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DocumentKey key && Arrays.equals(bytes, key.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }
}
