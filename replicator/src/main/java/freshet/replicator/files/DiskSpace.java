package freshet.replicator.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Free space, as the operating system tells it to an ordinary process. */
public final class DiskSpace {
  private DiskSpace() {}

  /** Bytes that can still be written below this folder, which must exist. */
  public static long freeBytes(Path folder) throws IOException {
    return Files.getFileStore(folder).getUsableSpace();
  }

  /** Whether two existing folders can share files by hard links. */
  public static boolean shareFileSystem(Path one, Path other) throws IOException {
    return Files.getFileStore(one).equals(Files.getFileStore(other));
  }
}
