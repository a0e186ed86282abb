package freshet.replicator.publish;

import freshet.replicator.files.SmallReads;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SegmentOpening;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.NoLockFactory;

/**
 * What a city's commit must show before anybody hears of it: it opens, and its counts add up. What
 * was published before has shown it already: of that, nothing is opened again.
 */
final class CommitGate {
  private CommitGate() {}

  /**
   * Opens the commit where readers will find it.
   *
   * @param folder the incarnation's folder in the repository
   * @param published names of files in that folder that an earlier commit of it has
   * @throws PublishException.GateClosed if it is not what it says
   */
  static void check(CityCommit commit, Path folder, Set<String> published)
      throws IOException, PublishException.GateClosed {
    try (Directory directory = SmallReads.of(FSDirectory.open(folder, NoLockFactory.INSTANCE))) {
      SegmentInfos infos = SegmentInfos.readCommit(directory, commit.segmentsFile());
      require(commit, "files", new HashSet<>(infos.files(true)), new HashSet<>(commit.files()));
      require(commit, "commit", infos.getGeneration(), commit.commit());
      long documents = 0;
      long deleted = 0;
      for (SegmentCommitInfo segment : infos) {
        open(infos, segment, published);
        documents += segment.info.maxDoc() - segment.getDelCount();
        deleted += segment.getDelCount();
      }
      require(commit, "live documents", documents, commit.documents());
      require(commit, "deleted documents", deleted, commit.deletedDocuments());
    } catch (CorruptIndexException
        | IndexFormatTooNewException
        | IndexFormatTooOldException
        | FileNotFoundException
        | NoSuchFileException
        | EOFException e) {
      throw new PublishException.GateClosed(
          commit.city(),
          "city %s: commit %d (%s) does not open: %s; not published. Rebuild this city"
              .formatted(commit.city(), commit.commit(), commit.segmentsFile(), e.getMessage()),
          e);
    }
  }

  /** Lucene refuses deletions of which there are not as many as the segment says. */
  private static void open(SegmentInfos infos, SegmentCommitInfo segment, Set<String> published)
      throws IOException {
    if (published.containsAll(segment.files())) {
      return;
    }
    boolean isOnlyDeletions =
        published.containsAll(segment.info.files()) && !segment.hasFieldUpdates();
    if (isOnlyDeletions) {
      segment
          .info
          .getCodec()
          .liveDocsFormat()
          .readLiveDocs(segment.info.dir, segment, IOContext.READONCE);
      return;
    }
    SegmentOpening.open(infos, segment).close();
  }

  private static void require(CityCommit commit, String what, Object found, Object expected)
      throws PublishException.GateClosed {
    if (!found.equals(expected)) {
      throw new PublishException.GateClosed(
          commit.city(),
          "city %s: commit %d in %s has %s %s, the build counted %s; not published. Rebuild this city"
              .formatted(commit.city(), commit.commit(), commit.folder(), what, found, expected));
    }
  }
}
