package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes of LATEST. Nothing names their digest, so they end with it themselves: a bit that a
 * disk has lost would otherwise make a snapshot look fresher than it is, or a master believe that
 * another one has written here.
 */
public final class PointerCodec {
  private static final String KEY = ",\"sha256\":\"";
  private static final String END = "\"}";
  private static final int DIGEST_LENGTH = 64;
  private static final int SEAL_LENGTH = KEY.length() + DIGEST_LENGTH + END.length();

  private PointerCodec() {}

  /** The JSON, with its own digest as the last key. */
  public static byte[] write(Advertisement advertisement) {
    byte[] json = SnapshotCodec.write(advertisement);
    byte[] seal = (KEY + Digest.of(json) + END).getBytes(StandardCharsets.US_ASCII);
    // The seal takes the place of the last brace.
    byte[] sealed = Arrays.copyOf(json, json.length - 1 + seal.length);
    System.arraycopy(seal, 0, sealed, json.length - 1, seal.length);
    return sealed;
  }

  /**
   * What these bytes say. Those without a seal are taken as they are.
   *
   * @param what names the bytes in a message
   * @throws FormatException if they are no advertisement, not as they were written, or want a newer
   *     reader
   */
  public static Advertisement read(byte[] bytes, String what) throws FormatException {
    Advertisement read = SnapshotCodec.read(bytes, Advertisement.class, what);
    int end = bytes.length - SEAL_LENGTH;
    if (end > 0) {
      String seal = new String(bytes, end, SEAL_LENGTH, StandardCharsets.ISO_8859_1);
      if (seal.startsWith(KEY) && seal.endsWith(END)) {
        byte[] json = Arrays.copyOf(bytes, end + 1);
        json[end] = '}';
        String found = Digest.of(json).hex();
        String expected = seal.substring(KEY.length(), KEY.length() + DIGEST_LENGTH);
        if (!found.equals(expected)) {
          throw new FormatException(
              "%s is damaged: its content has sha256 %s, and says that it is %s"
                  .formatted(what, found, expected));
        }
      }
    }
    return read;
  }
}
