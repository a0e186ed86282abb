package freshet.indexer.directory;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;

/**
 * Syncs a file once. A commit asks for all of its files to be synced, those of old segments too; a
 * sync of a file that is on disk still makes the device flush its cache.
 *
 * <p>Lucene's files are written once, so that one which was synced after it was written stays so.
 * Those that were there before belong to a commit, which synced them, or are removed by the writer
 * that is opened.
 */
final class SyncedOnce extends FilterDirectory {
  private final Set<String> unsynced = ConcurrentHashMap.newKeySet();

  SyncedOnce(Directory files) {
    super(files);
  }

  @Override
  public IndexOutput createOutput(String name, IOContext context) throws IOException {
    unsynced.add(name);
    return super.createOutput(name, context);
  }

  @Override
  public IndexOutput createTempOutput(String prefix, String suffix, IOContext context)
      throws IOException {
    IndexOutput output = super.createTempOutput(prefix, suffix, context);
    unsynced.add(output.getName());
    return output;
  }

  @Override
  public void copyFrom(Directory from, String source, String dest, IOContext context)
      throws IOException {
    unsynced.add(dest);
    super.copyFrom(from, source, dest, context);
  }

  @Override
  public void rename(String source, String dest) throws IOException {
    super.rename(source, dest);
    if (unsynced.remove(source)) {
      unsynced.add(dest);
    }
  }

  @Override
  public void deleteFile(String name) throws IOException {
    super.deleteFile(name);
    unsynced.remove(name);
  }

  @Override
  public void sync(Collection<String> names) throws IOException {
    List<String> fresh = new ArrayList<>(names);
    fresh.retainAll(unsynced);
    super.sync(fresh);
    // Only now: a sync that failed has to be tried again.
    fresh.forEach(unsynced::remove);
  }

  /**
   * Names are not synced: a commit whose name a power failure takes leaves the one before, which is
   * behind what is published, so that the index is made anew from that, or learned anew. What is
   * published has a link, and a name that is synced, in the repository.
   */
  @Override
  public void syncMetaData() {}
}
