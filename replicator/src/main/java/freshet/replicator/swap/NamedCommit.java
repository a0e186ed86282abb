package freshet.replicator.swap;

import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;

/**
 * The commit of one segments file. DirectoryReader.listCommits would read every segments file of
 * the folder, of which a repository that keeps an hour of generations has thousands.
 */
public final class NamedCommit extends IndexCommit {
  private final Directory directory;
  private final String segmentsFile;

  /** The commit of that segments file. */
  public NamedCommit(Directory directory, String segmentsFile) {
    this.directory = directory;
    this.segmentsFile = segmentsFile;
  }

  @Override
  public String getSegmentsFileName() {
    return segmentsFile;
  }

  @Override
  public Directory getDirectory() {
    return directory;
  }

  @Override
  public Collection<String> getFileNames() throws IOException {
    return read().files(true);
  }

  @Override
  public int getSegmentCount() {
    throw new UnsupportedOperationException("ask the reader");
  }

  @Override
  public long getGeneration() {
    return SegmentInfos.generationFromSegmentsFileName(segmentsFile);
  }

  @Override
  public Map<String, String> getUserData() throws IOException {
    return read().getUserData();
  }

  @Override
  public boolean isDeleted() {
    return false;
  }

  @Override
  public void delete() {
    throw new UnsupportedOperationException("published files are write-once");
  }

  private SegmentInfos read() throws IOException {
    return SegmentInfos.readCommit(directory, segmentsFile);
  }
}
