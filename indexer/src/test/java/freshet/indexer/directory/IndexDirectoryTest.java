package freshet.indexer.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;

class IndexDirectoryTest {
  private final Disk disk = new Disk();

  @Test
  void everyFileOfACommitIsSyncedOnceHoweverManyCommitsNameIt() throws IOException {
    try (Directory directory = IndexDirectory.over(disk);
        IndexWriter writer = writer(directory)) {
      for (int i = 0; i < 5; i++) {
        add(writer, i);
        writer.commit();
        SegmentInfos commit = SegmentInfos.readLatestCommit(disk);
        assertThat(disk.synced).containsAll(commit.files(false));
        assertThat(disk.synced).contains("pending_" + commit.getSegmentsFileName());
      }
      assertThat(disk.synced).doesNotHaveDuplicates();
    }
  }

  @Test
  void smallSegmentsReachTheDiskAsCompoundFilesAlone() throws IOException {
    try (Directory directory = IndexDirectory.over(disk);
        IndexWriter writer = writer(directory)) {
      add(writer, 1);
      writer.commit();
    }
    assertThat(disk.written).contains("_0.cfs").noneMatch(name -> name.endsWith(".doc"));
  }

  @Test
  void failedSyncIsTriedAgain() throws IOException {
    try (SyncedOnce directory = new SyncedOnce(disk)) {
      directory.createOutput("_0.cfs", IOContext.DEFAULT).close();
      disk.isFull = true;
      assertThatThrownBy(() -> directory.sync(Set.of("_0.cfs"))).isInstanceOf(IOException.class);
      disk.isFull = false;
      directory.sync(Set.of("_0.cfs"));
      assertThat(disk.synced).containsExactly("_0.cfs");
    }
  }

  private static IndexWriter writer(Directory directory) throws IOException {
    return new IndexWriter(
        directory, new IndexWriterConfig(new KeywordAnalyzer()).setCommitOnClose(false));
  }

  private static void add(IndexWriter writer, int id) throws IOException {
    Document document = new Document();
    document.add(new StringField("id", Integer.toString(id), Field.Store.YES));
    writer.addDocument(document);
  }

  /** Notes what is written and synced. */
  private static final class Disk extends FilterDirectory {
    final List<String> written = new ArrayList<>();
    final List<String> synced = new ArrayList<>();
    boolean isFull;

    Disk() {
      super(new ByteBuffersDirectory());
    }

    @Override
    public IndexOutput createOutput(String name, IOContext context) throws IOException {
      written.add(name);
      return super.createOutput(name, context);
    }

    @Override
    public void copyFrom(Directory from, String source, String dest, IOContext context)
        throws IOException {
      written.add(dest);
      super.copyFrom(from, source, dest, context);
    }

    @Override
    public void sync(Collection<String> names) throws IOException {
      if (isFull) {
        throw new IOException("disk full");
      }
      synced.addAll(names);
      super.sync(names);
    }
  }
}
