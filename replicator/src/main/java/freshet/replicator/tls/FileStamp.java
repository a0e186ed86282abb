package freshet.replicator.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * How a file looks from outside, by which it is seen that it was replaced.
 *
 * @param look modification time, size and identity; or why they can't be had
 */
record FileStamp(String look) {
  static FileStamp of(Path file) {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileStamp(found.lastModifiedTime() + " " + found.size() + " " + found.fileKey());
    } catch (IOException e) {
      // Reading it says what is wrong.
      return new FileStamp(e.toString());
    }
  }
}
