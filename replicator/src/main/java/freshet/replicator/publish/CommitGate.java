package freshet.replicator.publish;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.NoLockFactory;

/** What a city's commit must show before anybody hears of it: it opens, and its counts add up. */
final class CommitGate {
  private CommitGate() {}

  /**
   * Opens the commit where readers will find it.
   *
   * @param folder the incarnation's folder in the repository
   * @throws PublishException.GateClosed if it is not what it says
   */
  static void check(CityCommit commit, Path folder)
      throws IOException, PublishException.GateClosed {
    try (Directory directory = FSDirectory.open(folder, NoLockFactory.INSTANCE)) {
      SegmentInfos infos = SegmentInfos.readCommit(directory, commit.segmentsFile());
      Set<String> files = new HashSet<>(infos.files(true));
      require(commit, "files", files, new HashSet<>(commit.files()));
      require(commit, "commit", infos.getGeneration(), commit.commit());
      try (DirectoryReader reader = DirectoryReader.open(new Named(directory, infos, files))) {
        require(commit, "live documents", (long) reader.numDocs(), commit.documents());
        require(
            commit, "deleted documents", (long) reader.numDeletedDocs(), commit.deletedDocuments());
      }
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

  private static void require(CityCommit commit, String what, Object found, Object expected)
      throws PublishException.GateClosed {
    if (!found.equals(expected)) {
      throw new PublishException.GateClosed(
          commit.city(),
          "city %s: commit %d in %s has %s %s, the build counted %s; not published. Rebuild this city"
              .formatted(commit.city(), commit.commit(), commit.folder(), what, found, expected));
    }
  }

  /** A commit by the name of its segments file, without a look at the others in the folder. */
  private static final class Named extends IndexCommit {
    private final Directory directory;
    private final SegmentInfos infos;
    private final Set<String> files;

    Named(Directory directory, SegmentInfos infos, Set<String> files) {
      this.directory = directory;
      this.infos = infos;
      this.files = files;
    }

    @Override
    public String getSegmentsFileName() {
      return infos.getSegmentsFileName();
    }

    @Override
    public Collection<String> getFileNames() {
      return files;
    }

    @Override
    public Directory getDirectory() {
      return directory;
    }

    @Override
    public void delete() {
      throw new UnsupportedOperationException("published commits are deleted by the collector");
    }

    @Override
    public boolean isDeleted() {
      return false;
    }

    @Override
    public int getSegmentCount() {
      return infos.size();
    }

    @Override
    public long getGeneration() {
      return infos.getGeneration();
    }

    @Override
    public Map<String, String> getUserData() {
      return infos.getUserData();
    }
  }
}
