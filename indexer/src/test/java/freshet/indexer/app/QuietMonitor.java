package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.rebuild.RebuildMonitor;
import freshet.indexer.rebuild.RebuildProgress;

/** Nobody watches. */
record QuietMonitor(IndexerConfig config) implements RebuildMonitor {
  @Override
  public RebuildLimits limits() {
    return config.rebuild();
  }

  @Override
  public void says(String line) {}

  @Override
  public void progressed(RebuildProgress progress) {}
}
