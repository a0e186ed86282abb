package freshet.replicator.snapshot;

import java.util.List;

/**
 * What an answer with several files begins with: JSON in one line. Behind its line end the files'
 * bytes follow, one after the other, without anything between them.
 *
 * @param files those that follow; others that were asked for are not there, or did not fit
 */
public record BundleHead(List<Member> files) {
  /** The media type of the answer. */
  public static final String MEDIA_TYPE = "application/vnd.freshet.bundle";

  /** What no head is longer than, its line end included. */
  public static final int MAX_BYTES = 256 << 10;

  /** How many bytes of files one answer has at most, unless its first file has more. */
  public static final long MAX_FILE_BYTES = 8 << 20;

  /** Copies the list. */
  public BundleHead {
    files = List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param name relative, as it was asked for
   * @param length of what follows, in bytes
   * @param zstd whether that is the file in one frame of zstd
   */
  public record Member(String name, long length, boolean zstd) {
    /** Checks the length. */
    public Member {
      if (length < 0) {
        throw new IllegalArgumentException("%s has %d bytes".formatted(name, length));
      }
    }
  }
}
