package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Sphinx;

/** The pipeline of old: Sphinx merges an increment into its indexes, and rsync copies those. */
record ShippedSphinx(Sphinx sphinx, Mirror mirror) {

  /** Builds and copies everything. */
  void start() throws Exception {
    sphinx.rebuild();
    mirror.update(sphinx.folder());
  }

  /** Builds and copies an increment; returns the bytes that went over the wire. */
  long increment(CorpusTable.Change change) throws Exception {
    sphinx.increment(change);
    return mirror.update(sphinx.folder()).bytes();
  }
}
