package freshet.replicator.swap;

import freshet.replicator.snapshot.CityEntry;
import java.io.Closeable;
import java.io.IOException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.Directory;

/**
 * One city's index, open at the commit that its manifest names. Valid as long as the lease that it
 * was got from.
 */
public final class CityIndex implements Closeable {
  private final CityEntry entry;
  private final DirectoryReader reader;
  private final Shared<Directory> directory;

  CityIndex(CityEntry entry, DirectoryReader reader, Shared<Directory> directory) {
    this.entry = entry;
    this.reader = reader;
    this.directory = directory;
  }

  /** The city's entry in the manifest that it was first opened for. */
  public CityEntry entry() {
    return entry;
  }

  /** Its reader; the same object in every snapshot that has the same files. */
  public DirectoryReader reader() {
    return reader;
  }

  Shared<Directory> directory() {
    return directory;
  }

  /** Called by the last holder only. */
  @Override
  public void close() throws IOException {
    try {
      // Not close(), which counts once however many cities share the reader.
      reader.decRef();
    } finally {
      directory.release();
    }
  }

  @Override
  public String toString() {
    return "index of " + entry.city() + " at commit " + entry.commit();
  }
}
