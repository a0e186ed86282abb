package freshet.indexer.rebuild;

/** Who watches a rebuild and may slow it down. Methods are called by threads of the rebuild. */
public interface RebuildMonitor {

  /** How fast the table may be read by now. Asked every second while it is. */
  RebuildLimits limits();

  /** Something worth a line: it begins, goes on, begins anew and why. */
  void says(String line);

  /** Called every second while it works. */
  void progressed(RebuildProgress progress);
}
