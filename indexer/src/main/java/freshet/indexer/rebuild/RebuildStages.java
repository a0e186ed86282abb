package freshet.indexer.rebuild;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.bulk.BulkLoad;
import freshet.indexer.scan.TableScan;
import freshet.indexer.source.ChangeSource;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;

/** What a rebuild works with. Each is opened when its turn comes, and closed by the rebuild. */
public interface RebuildStages {

  /** Reads the table. */
  TableScan scan();

  /** Builds the new indexes, going on with what an earlier one added. */
  BulkLoad load() throws IOException;

  /**
   * Polls what changed meanwhile.
   *
   * @param begin where the first poll resumes, at a time when nothing was indexed
   */
  ChangeSource source(SourcePosition begin) throws IOException;

  /** The new indexes, once they are loaded. */
  CityIndexes cities() throws BuildException;
}
