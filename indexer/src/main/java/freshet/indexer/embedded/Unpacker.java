package freshet.indexer.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Unpacks the part of an archive that a server needs. */
final class Unpacker {
  private Unpacker() {}

  /**
   * Writes the wanted files below a prefix of the archive into a folder; what is in {@code bin/}
   * becomes executable.
   *
   * @param wanted asked with the name behind the prefix, such as {@code bin/mariadbd}
   * @throws IOException also if an entry points outside of the folder
   */
  static void unpack(ZipFile archive, String prefix, Predicate<String> wanted, Path into)
      throws IOException {
    for (ZipEntry entry : Collections.list(archive.entries())) {
      if (entry.isDirectory() || !entry.getName().startsWith(prefix)) {
        continue;
      }
      String name = entry.getName().substring(prefix.length());
      if (wanted.test(name)) {
        write(archive, entry, name, into);
      }
    }
  }

  private static void write(ZipFile archive, ZipEntry entry, String name, Path into)
      throws IOException {
    Path file = into.resolve(name).normalize();
    if (!file.startsWith(into)) {
      throw new IOException(archive.getName() + ": entry " + name + " leaves the folder " + into);
    }
    Files.createDirectories(file.getParent());
    try (InputStream content = archive.getInputStream(entry)) {
      Files.copy(content, file);
    }
    if (name.startsWith("bin/")) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }
}
