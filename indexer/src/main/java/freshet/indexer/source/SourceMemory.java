package freshet.indexer.source;

import java.io.IOException;

/**
 * Where a source keeps what it has to know after a restart and the position can't say. It may be
 * lost: then more is compared than need be.
 */
public interface SourceMemory {

  /** What was kept last; {@link Remembered#NOTHING} before the first time. */
  Remembered read();

  /**
   * Keeps it, durably on return. If that fails, what was kept before is still there, and {@link
   * #read} tells the new one until the process ends.
   */
  void keep(Remembered remembered) throws IOException;
}
