package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.util.regex.Pattern;

/**
 * One file of a city's index.
 *
 * @param name the file name, as Lucene gave it
 * @param length in bytes
 * @param sha256 of its content
 * @param segment name of the segment that it belongs to, empty for segments_N
 */
public record FileEntry(String name, long length, Digest sha256, String segment) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}");

  /** Refuses what could leave a folder or is no size. */
  public FileEntry {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of an index file");
    }
    if (length < 0) {
      throw new IllegalArgumentException("file " + name + " can't have " + length + " bytes");
    }
  }
}
