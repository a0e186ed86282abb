package freshet.replicator.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A SHA-256 digest.
 *
 * @param hex its 64 lower-case hexadecimal digits
 */
public record Digest(String hex) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER_BYTES = 1 << 16;

  /** Checks the form. */
  public Digest {
    if (!FORM.matcher(hex).matches()) {
      throw new IllegalArgumentException(
          "a SHA-256 digest has 64 lower-case hexadecimal digits, not '" + hex + "'");
    }
  }

  /** The digest of these bytes. */
  public static Digest of(byte[] bytes) {
    return finish(start().digest(bytes));
  }

  /** The digest of this text in UTF-8. */
  public static Digest ofText(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The digest of a file's content, read through once. */
  public static Digest ofFile(Path file) throws IOException {
    MessageDigest digest = start();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return finish(digest.digest());
  }

  /** A new SHA-256 computation, for streams; ended by {@link #finish}. */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The digest whose 32 bytes these are. */
  public static Digest finish(byte[] sha256) {
    return new Digest(HexFormat.of().formatHex(sha256));
  }

  /** Its first 12 digits, for people. */
  public String brief() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return hex;
  }
}
