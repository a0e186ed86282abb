package freshet.indexer.route;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;

/**
 * A routing table that is made while a whole table is loaded, by the threads that load it: to learn
 * the same from the indexes afterwards would hold the first snapshot up. It is of use only once
 * {@link #finish} has returned, and all documents were added by one process. Thread-safe.
 */
public final class RoutingLoad implements Closeable {
  private final Directory directory;
  private final IndexWriter writer;

  private RoutingLoad(Directory directory, IndexWriter writer) {
    this.directory = directory;
    this.writer = writer;
  }

  /** Begins in a folder, from which everything is removed. */
  public static RoutingLoad begin(Path folder) throws IOException {
    DurableFiles.deleteTree(folder);
    DurableFiles.createFolders(folder);
    Directory directory = RoutingTable.directory(folder);
    try {
      return new RoutingLoad(directory, RoutingTable.writer(directory, RoutingTable.merges()));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** Notes where a document is, of which nothing was noted before. */
  public void add(City city, DocumentKey key) throws IOException {
    writer.addDocument(RoutingTable.pair(city, new BytesRef(key.bytes())));
  }

  /** All documents were added. Durable on return. */
  public void finish() throws IOException {
    writer.setLiveCommitData(RoutingTable.LOADED.entrySet());
    writer.commit();
  }

  /** What was not finished is of no use. */
  @Override
  public void close() throws IOException {
    IOUtils.close(writer::rollback, directory);
  }
}
