package freshet.replicator.pull;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/**
 * Reads a generation's pack, whose own digest was verified. Entries choose nothing: what is wanted
 * is decided by manifests, entries of other names are passed over, and a name becomes a path only
 * after it was found among the wanted ones.
 */
final class PackReader {
  /** More than any master packs; an archive that unfolds to more is not read further. */
  private static final long MAX_BYTES = 256L << 20;

  private static final int MAX_ENTRIES = 100_000;

  /** Takes an entry's bytes. */
  interface Sink {
    void take(String name, long length, InputStream content) throws IOException, PullException;
  }

  private final Path pack;

  PackReader(Path pack) {
    this.pack = pack;
  }

  /** Names and lengths of its files. */
  Map<String, Long> list() throws IOException, PullException {
    Map<String, Long> names = new HashMap<>();
    read((name, length, content) -> names.put(name, length));
    return names;
  }

  /** Shows every plain file in it, in its order. */
  void read(Sink sink) throws IOException, PullException {
    try (InputStream file = new BufferedInputStream(Files.newInputStream(pack));
        InputStream bounded = new Bounded(new ZstdCompressorInputStream(file));
        TarArchiveInputStream tar = new TarArchiveInputStream(bounded)) {
      int entries = 0;
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (++entries > MAX_ENTRIES) {
          throw new IOException("pack " + pack + " has more than " + MAX_ENTRIES + " entries");
        }
        if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() && !entry.isSparse()) {
          sink.take(entry.getName(), entry.getSize(), tar);
        }
      }
    }
  }

  private static final class Bounded extends FilterInputStream {
    private long left = MAX_BYTES;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      count(one < 0 ? 0 : 1);
      return one;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = super.read(buffer, offset, length);
      count(Math.max(0, n));
      return n;
    }

    private void count(int n) throws IOException {
      left -= n;
      if (left < 0) {
        throw new IOException("a pack unfolds to more than " + MAX_BYTES + " bytes");
      }
    }
  }
}
