package freshet.replicator.pull;

import freshet.replicator.runtime.BlockFilter;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a generation's pack, whose own digest was verified. Entries choose nothing: what is wanted
 * is decided by manifests, entries of other names are passed over, and a name becomes a path only
 * after it was found among the wanted ones.
 */
final class PackReader {
  /** More than any master packs; an archive that unfolds to more is not read further. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int MAX_ENTRIES = 100_000;

  /** A larger one is passed over, and comes by itself: masters pack none. */
  private static final long MAX_ENTRY_BYTES = 64L << 20;

  /** An entry's name and attributes: a hostile archive has names that no memory holds. */
  private static final long MAX_HEADER_BYTES = 1L << 20;

  /** Takes an entry's bytes. */
  interface Sink {
    void take(String name, long length, InputStream content) throws IOException, PullException;
  }

  private final Path pack;

  PackReader(Path pack) {
    this.pack = pack;
  }

  /**
   * Shows every plain file in it, in its order.
   *
   * @return the first entry that no master packs; empty if there is none
   * @throws PullException.Damaged if it can't be read to its end
   */
  Optional<String> read(Sink sink) throws IOException, PullException {
    String odd = null;
    try (InputStream file = new BufferedInputStream(Files.newInputStream(pack));
        Bounded bounded = new Bounded(new ZstdCompressorInputStream(file), MAX_BYTES);
        TarArchiveInputStream tar = new TarArchiveInputStream(bounded)) {
      int entries = 0;
      for (TarArchiveEntry entry = next(tar, bounded); entry != null; entry = next(tar, bounded)) {
        if (++entries > MAX_ENTRIES) {
          throw damaged("it has more than " + MAX_ENTRIES + " entries", null);
        }
        boolean isPlain = isPlain(entry);
        if (isPlain) {
          sink.take(entry.getName(), entry.getSize(), new Bounded(tar, MAX_ENTRY_BYTES));
        }
        if (odd == null && !(isPlain && RepositoryLayout.isOfACity(entry.getName()))) {
          odd = oddity(entry);
        }
        new Bounded(tar, MAX_BYTES).transferTo(OutputStream.nullOutputStream());
      }
    } catch (FormatException e) {
      throw damaged(String.valueOf(e.getMessage()), e);
    }
    return Optional.ofNullable(odd);
  }

  private static boolean isPlain(TarArchiveEntry entry) {
    byte type = entry.getLinkFlag();
    return (type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM)
        && entry.isFile()
        && !entry.isSparse()
        && entry.getSize() <= MAX_ENTRY_BYTES;
  }

  private static String oddity(TarArchiveEntry entry) {
    return "it has the entry '%.100s' (type %c, %d bytes): plain files of cities are all that it may have"
        .formatted(entry.getName().replaceAll("[^ -~]", "?"), entry.getLinkFlag(), entry.getSize());
  }

  /** The entry before was read to its end, so that only the header of the next one is. */
  private @Nullable TarArchiveEntry next(TarArchiveInputStream tar, Bounded bytes)
      throws PullException {
    long left = bytes.left;
    bytes.left = Math.min(left, MAX_HEADER_BYTES);
    long before = bytes.left;
    try {
      TarArchiveEntry entry = tar.getNextEntry();
      bytes.left = left - (before - bytes.left);
      return entry;
    } catch (IOException | RuntimeException e) {
      // Commons Compress throws both for headers that make no sense.
      throw damaged(e.toString(), e);
    }
  }

  private PullException damaged(String why, @Nullable Throwable cause) {
    return new PullException.Damaged("pack %s can't be unpacked: %s".formatted(pack, why), cause);
  }

  private static final class Bounded extends BlockFilter {
    private long left;

    Bounded(InputStream in, long most) {
      super(in);
      left = most;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        int n = in.read(buffer, offset, length);
        count(Math.max(0, n));
        return n;
      } catch (FormatException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        throw new FormatException("a pack can't be unfolded: " + e.getMessage(), e);
      }
    }

    private void count(int n) throws FormatException {
      left -= n;
      if (left < 0) {
        throw new FormatException("it unfolds to more than a pack of its kind may have");
      }
    }
  }
}
