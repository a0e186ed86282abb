package freshet.replicator.archive;

import freshet.replicator.runtime.BlockFilter;
import freshet.replicator.snapshot.FormatException;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive that nothing vouches for, member after member. Whatever it holds, no more of it
 * is unfolded than the caller allows: neither of a member nor between two. What is wrong with it is
 * a {@link FormatException}.
 */
final class ArchiveReader implements AutoCloseable {
  /** More than the headers of one member, long names included, or the padding at the end. */
  private static final long BETWEEN_MEMBERS = 1 << 20;

  /**
   * What members are padded to. The archive itself is taken as padded to no more, since the reader
   * would skip the rest of a larger block without a look.
   */
  private static final int BLOCK = 512;

  private final Path file;
  private final Allowance unfolded;
  private final TarArchiveInputStream tar;

  /**
   * A member.
   *
   * @param name as it is written there, whatever that is
   * @param length in bytes, as it says
   */
  record Member(String name, long length) {}

  /**
   * Opens an archive.
   *
   * @param meter takes how many bytes of the file were read, piece by piece
   */
  ArchiveReader(Path file, LongConsumer meter) throws IOException {
    this.file = file;
    InputStream in = new BufferedInputStream(new Metered(Files.newInputStream(file), meter));
    try {
      this.unfolded = new Allowance(new ZstdCompressorInputStream(in));
    } catch (IOException e) {
      in.close();
      throw new FormatException(file + " is no zstd file: " + e.getMessage(), e);
    }
    this.tar = new TarArchiveInputStream(unfolded, BLOCK, BLOCK);
  }

  /** The next member; null after the last. */
  @Nullable Member next() throws FormatException {
    unfolded.allow(BETWEEN_MEMBERS);
    TarArchiveEntry entry;
    try {
      entry = tar.getNextEntry();
    } catch (IOException | RuntimeException e) {
      // Commons Compress throws both for headers that make no sense.
      throw broken(e);
    }
    if (entry == null) {
      return null;
    }
    if (!isPlainFile(entry)) {
      throw new FormatException(
          "%s: '%s' is no plain file but %s; an export has plain files alone"
              .formatted(file, entry.getName(), kind(entry)));
    }
    return new Member(entry.getName(), entry.getSize());
  }

  /** The member's bytes, once, from its begin to its end. */
  InputStream content(long length) {
    unfolded.allow(length + BLOCK + BETWEEN_MEMBERS);
    return new Checked(tar);
  }

  /** Makes sure that nothing follows the last member. */
  void finish() throws FormatException {
    unfolded.allow(BETWEEN_MEMBERS);
    try {
      for (int b = unfolded.read(); b >= 0; b = unfolded.read()) {
        if (b != 0) {
          throw new FormatException(file + ": something follows after its end");
        }
      }
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw broken(e);
    }
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  private static boolean isPlainFile(TarArchiveEntry entry) {
    byte flag = entry.getLinkFlag();
    return (flag == TarConstants.LF_NORMAL || flag == TarConstants.LF_OLDNORM)
        && !entry.isSparse()
        && !entry.isDirectory();
  }

  private static String kind(TarArchiveEntry entry) {
    if (entry.isDirectory()) {
      return "a folder";
    }
    if (entry.isSymbolicLink() || entry.isLink()) {
      return "a link to '%s'".formatted(entry.getLinkName());
    }
    return entry.isSparse() ? "a sparse file" : "a special file";
  }

  private FormatException broken(Exception e) {
    return e instanceof FormatException own
        ? own
        : new FormatException("%s is cut or damaged: %s".formatted(file, e.getMessage()), e);
  }

  /** Failures of the archive become ours, so that they are not taken for those of the disk. */
  private final class Checked extends BlockFilter {
    Checked(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return in.read(buffer, offset, length);
      } catch (IOException e) {
        throw broken(e);
      }
    }
  }

  /** Unfolds no more than was allowed last. */
  private final class Allowance extends BlockFilter {
    private long left;

    Allowance(InputStream in) {
      super(in);
    }

    void allow(long bytes) {
      left = bytes;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n;
      try {
        n = in.read(buffer, offset, length);
      } catch (IOException e) {
        throw broken(e);
      }
      left -= Math.max(0, n);
      if (left < 0) {
        throw new FormatException(
            file + ": it unfolds to more than its members are long: it is no export");
      }
      return n;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long skipped = super.skip(Math.min(bytes, left));
      left -= skipped;
      return skipped;
    }
  }

  private static final class Metered extends FilterInputStream {
    private final LongConsumer meter;

    Metered(InputStream in, LongConsumer meter) {
      super(in);
      this.meter = meter;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      meter.accept(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      meter.accept(Math.max(0, n));
      return n;
    }
  }
}
