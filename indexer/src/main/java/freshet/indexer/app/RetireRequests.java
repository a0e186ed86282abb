package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.schedule.Cycle;
import freshet.indexer.schedule.Retirement;
import freshet.indexer.table.CityFilter;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cities that an operator asked to be taken out: a file for each, named as the city's folder, in
 * the working folder of the master that does it before its next cycle. Asking is safe for any
 * process.
 */
final class RetireRequests {
  private static final Logger LOG = LoggerFactory.getLogger(RetireRequests.class);
  private static final String FORCED = "forced";
  private static final String EMPTY = "empty";

  private final Path folder;
  private final CityFilter filter;

  /** Those of a master. */
  RetireRequests(IndexerConfig config) {
    this.folder = config.work().resolve("retire");
    this.filter = config.source().cities();
  }

  /** Asks. It is on disk when this returns. */
  void ask(City city, boolean isForced) throws IOException {
    DurableFiles.createFolders(folder);
    DurableFiles.write(
        folder.resolve(city.folder()),
        (isForced ? FORCED : EMPTY).getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it was asked and not answered yet. */
  boolean isOpen(City city) {
    return Files.exists(folder.resolve(city.folder()));
  }

  /** Does what was asked, as far as it can be done now. */
  void takeUp(Cycle cycle) {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        takeUp(file, cycle);
      }
    } catch (IOException e) {
      LOG.error("requests in {} could not be taken up: {}", folder, e.toString(), e);
    }
  }

  private void takeUp(Path file, Cycle cycle) throws IOException {
    City city;
    try {
      city = City.ofFolder(String.valueOf(file.getFileName()));
    } catch (IllegalArgumentException e) {
      LOG.debug("{} names no city: it is being written, or is no request", file, e);
      return;
    }
    // A master that was started while the city was listed would index its rows again one by one.
    boolean isForced = Files.readAllLines(file).equals(List.of(FORCED)) && !filter.allows(city);
    switch (cycle.retire(city, isForced)) {
      case Retirement.Done done -> {
        LOG.info("city {}: retired: its index is removed, and no longer published", city);
        DurableFiles.delete(file);
      }
      case Retirement.HasDocuments(long documents) -> {
        LOG.warn("city {}: not retired: it has {}", city, Count.of(documents, "document"));
        DurableFiles.delete(file);
      }
      case Retirement.Later(String reason) -> LOG.info("city {}: retired later: {}", city, reason);
    }
  }
}
