package freshet.indexer.app;

import freshet.indexer.build.BuildException;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.config.LimitWishes;
import freshet.indexer.rebuild.Rebuild;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.rebuild.RebuildMonitor;
import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState;
import freshet.indexer.schedule.FirstLoad;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.FileSourceMemory;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.files.ProcessLock;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first load of a master, by the means of a rebuild, in its own process.
 *
 * @param file that the configuration was read from
 * @param config of the master
 * @param listener hears of connections to the database
 * @param time the clock
 * @param stop ends it
 */
record TableLoad(
    Path file, IndexerConfig config, SessionListener listener, Time time, StopSignal stop)
    implements FirstLoad {
  private static final Logger LOG = LoggerFactory.getLogger(TableLoad.class);

  @Override
  public void run() throws SourceException, BuildException, IOException, InterruptedException {
    RebuildFolder folder = RebuildFolder.in(config.work());
    DurableFiles.createFolders(config.work());
    String holder = "the first load, process %d".formatted(ProcessHandle.current().pid());
    switch (ProcessLock.tryTake(folder.lock(), holder)) {
      case ProcessLock.Attempt.Held held ->
          throw new BuildException.WorkFailed(
              "nothing is published yet, and %s is at work in %s: what it builds is published next"
                  .formatted(held.holder(), folder.path()),
              null);
      case ProcessLock.Attempt.Taken taken -> {
        try {
          load(folder);
        } finally {
          taken.lock().close();
        }
      }
    }
  }

  private void load(RebuildFolder folder)
      throws SourceException, BuildException, IOException, InterruptedException {
    RebuildState left = folder.read().orElse(null);
    if (left != null && left.cities() != null) {
      // Of some cities: there is nothing yet that they could be a part of.
      folder.delete();
    }
    Rebuild rebuild =
        RebuildParts.rebuild(config, folder, null, monitor(folder), listener, time, stop);
    try {
      RebuildState unused = rebuild.load();
    } catch (Rebuild.Refused e) {
      throw new BuildException.WorkFailed("the first load was refused: " + e.getMessage(), e);
    }
    RebuildState ready = rebuild.handOver();
    new FileSourceMemory(Master.sourceMemory(config))
        .keep(config.source().rememberedAt(ready.begin(), true));
  }

  private RebuildMonitor monitor(RebuildFolder folder) {
    RebuildLimitsNow limits = new RebuildLimitsNow(config, file, LimitWishes.NONE, folder.limits());
    RebuildScreen lines = new RebuildScreen.Lines(line -> LOG.info("first load: {}", line));
    return new RebuildMonitor() {
      @Override
      public RebuildLimits limits() {
        return limits.now();
      }

      @Override
      public void says(String line) {
        LOG.info("first load: {}", line);
      }

      @Override
      public void progressed(RebuildProgress progress) {
        lines.show(progress);
      }
    };
  }
}
