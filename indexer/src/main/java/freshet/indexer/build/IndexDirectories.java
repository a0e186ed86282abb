package freshet.indexer.build;

import freshet.replicator.files.SmallReads;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/** How the folder of a working index is opened for Lucene; a test opens one that fails. */
public interface IndexDirectories {
  /** Plain files, of which small ones are read whole. */
  IndexDirectories FILES = folder -> SmallReads.of(FSDirectory.open(folder));

  /** Opens an existing folder. */
  Directory open(Path folder) throws IOException;
}
