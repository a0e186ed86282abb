package freshet.indexer.merge;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.FileEntry;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;

/** The files of a segment with their digests. */
final class SegmentFiles {
  private static final int BUFFER_BYTES = 1 << 16;

  private SegmentFiles() {}

  /** Asked again and again while files are read. */
  interface Abort {
    /** Throws if nobody wants the digests any more. */
    void check() throws IOException;
  }

  /** Reads all files of a segment; ordered by name. */
  static List<FileEntry> digested(SegmentCommitInfo segment, Abort abort) throws IOException {
    List<FileEntry> files = new ArrayList<>();
    Directory directory = segment.info.dir;
    for (String name : new TreeSet<>(segment.files())) {
      Digest digest = digest(directory, name, abort);
      files.add(new FileEntry(name, directory.fileLength(name), digest, segment.info.name));
    }
    return files;
  }

  private static Digest digest(Directory directory, String name, Abort abort) throws IOException {
    MessageDigest digest = Digest.start();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (IndexInput in = directory.openInput(name, IOContext.READONCE)) {
      for (long left = in.length(); left > 0; ) {
        abort.check();
        int part = (int) Math.min(left, BUFFER_BYTES);
        in.readBytes(buffer, 0, part);
        digest.update(buffer, 0, part);
        left -= part;
      }
    }
    return Digest.finish(digest.digest());
  }
}
