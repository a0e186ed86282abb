package freshet.indexer.schedule;

import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FilterDirectory;
import org.apache.lucene.store.Lock;

/** Lets CheckIndex, which takes the write lock, look at an index whose writer is open. */
final class Unlocked extends FilterDirectory {
  Unlocked(Directory directory) {
    super(directory);
  }

  @Override
  public Lock obtainLock(String name) {
    return new Lock() {
      @Override
      public void close() {}

      @Override
      public void ensureValid() {}
    };
  }
}
