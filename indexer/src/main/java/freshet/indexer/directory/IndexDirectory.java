package freshet.indexer.directory;

import org.apache.lucene.store.Directory;
import org.apache.lucene.store.NRTCachingDirectory;

/**
 * The directory of an index that is changed a little, often. A small segment is put together in
 * memory and written once, as the compound file that it ends in, instead of first as a dozen files
 * of a page each; and what a commit has synced before is not synced again by the next one.
 */
public final class IndexDirectory {
  /** Segments beyond this are written at once: a bulk load must not be held in memory. */
  private static final double MAX_SEGMENT_MEGABYTES = 4;

  private static final double MAX_MEGABYTES = 8;

  private IndexDirectory() {}

  /** Wraps a directory; closing the result closes it. */
  public static Directory over(Directory files) {
    return new NRTCachingDirectory(new SyncedOnce(files), MAX_SEGMENT_MEGABYTES, MAX_MEGABYTES);
  }
}
