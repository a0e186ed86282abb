package org.apache.lucene.index;

import java.io.IOException;
import org.apache.lucene.store.IOContext;
import org.jspecify.annotations.NullMarked;

/**
 * Opens one segment of a commit, where {@link DirectoryReader} opens all: its reader's constructor
 * is package-private. See docs/decisions/040.
 */
@NullMarked
public final class SegmentOpening {
  private SegmentOpening() {}

  /**
   * Opens a segment and its deletions, as a reader of the commit would.
   *
   * @throws IOException if a file is not what its name says, or has another number of deletions
   */
  public static LeafReader open(SegmentInfos commit, SegmentCommitInfo segment) throws IOException {
    return new SegmentReader(segment, commit.getIndexCreatedVersionMajor(), IOContext.DEFAULT);
  }
}
