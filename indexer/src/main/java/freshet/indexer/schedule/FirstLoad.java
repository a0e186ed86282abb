package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.session.SourceException;
import java.io.IOException;

/** Reads a whole table where nothing is published yet, faster than polls would. */
public interface FirstLoad {
  /** Leaves it to polls. */
  FirstLoad NONE = () -> {};

  /**
   * Leaves a rebuild of all cities that is ready to be adopted; goes on with what an earlier call
   * has read.
   */
  void run() throws SourceException, BuildException, IOException, InterruptedException;
}
