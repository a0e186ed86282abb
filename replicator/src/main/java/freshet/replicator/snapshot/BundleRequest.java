package freshet.replicator.snapshot;

import java.util.List;

/**
 * Asks for several files in one answer.
 *
 * @param names relative names in the repository, at most {@link #MAX_NAMES}
 */
public record BundleRequest(List<String> names) {
  /** The path that it is sent to, relative like the names of files. */
  public static final String PATH = "bundle";

  /** How many files one answer may have. */
  public static final int MAX_NAMES = 256;

  /** How many bytes of JSON so many names take at most. */
  public static final int MAX_BYTES = 256 << 10;

  /** Copies the names. */
  public BundleRequest {
    names = List.copyOf(names);
    if (names.isEmpty() || names.size() > MAX_NAMES) {
      throw new IllegalArgumentException(
          "a bundle has 1 to %d names, not %d".formatted(MAX_NAMES, names.size()));
    }
  }
}
