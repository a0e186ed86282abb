package freshet.replicator.archive;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.FormatException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;

/** Writes members one after the other. The same members give the same bytes. */
final class ArchiveWriter implements AutoCloseable {
  private static final int LEVEL = 3;
  private static final int MODE = 0644;
  private static final int BUFFER_BYTES = 1 << 16;

  private final TarArchiveOutputStream tar;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int members;

  /** Takes what was written, as it is written. */
  interface Meter {
    void wrote(long bytes) throws IOException;
  }

  ArchiveWriter(Path file) throws IOException {
    OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    ZstdCompressorOutputStream zstd =
        ZstdCompressorOutputStream.builder()
            .setOutputStream(new BufferedOutputStream(out))
            .setLevel(LEVEL)
            .setChecksum(true)
            .get();
    // The archive is written in records of 512 bytes, each of which would be a native call.
    tar = new TarArchiveOutputStream(new BufferedOutputStream(zstd, BUFFER_BYTES));
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
  }

  int members() {
    return members;
  }

  /** Adds a member from memory. */
  void add(String name, byte[] bytes) throws IOException {
    begin(name, bytes.length);
    tar.write(bytes);
    tar.closeArchiveEntry();
  }

  /**
   * Adds a file.
   *
   * @throws FormatException if it has another length or digest: the archive is of no use then
   */
  void add(String name, Path file, long length, Digest sha256, Meter meter) throws IOException {
    begin(name, length);
    MessageDigest digest = Digest.start();
    long left = length;
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n > 0 && n <= left; n = in.read(buffer)) {
        left -= n;
        digest.update(buffer, 0, n);
        tar.write(buffer, 0, n);
        meter.wrote(n);
      }
    }
    Digest found = Digest.finish(digest.digest());
    if (left != 0 || !found.equals(sha256)) {
      throw new FormatException(
          "%s is not what its manifest says (sha256 %s, %,d bytes): it was damaged. Find all that is with: bin/replicator snapshots verify"
              .formatted(file, sha256.brief(), length));
    }
    tar.closeArchiveEntry();
  }

  private void begin(String name, long length) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setSize(length);
    entry.setMode(MODE);
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setLastModifiedTime(FileTime.fromMillis(0));
    tar.putArchiveEntry(entry);
    members++;
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
