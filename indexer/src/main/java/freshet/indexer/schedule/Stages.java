package freshet.indexer.schedule;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.source.ChangeSource;
import freshet.indexer.source.Finding;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import java.io.IOException;
import java.util.List;

/**
 * What a cycle drives.
 *
 * @param source of changes
 * @param cities working indexes
 * @param routes where documents are
 * @param publisher to the repository
 * @param repository the same one that the publisher publishes to
 * @param findings what is not as it should be, whatever a poll finds
 */
public record Stages(
    ChangeSource source,
    CityIndexes cities,
    RoutingTable routes,
    SnapshotPublisher publisher,
    LocalRepository repository,
    List<Finding> findings) {

  /** Copies the list. */
  public Stages {
    findings = List.copyOf(findings);
  }

  /** Opens them by what the working indexes are built by now. */
  public interface Opening {
    /** Opens source, cities and routes anew; the others stay open all the time. */
    Stages open() throws IOException, BuildException;
  }

  /** Closes what {@link Opening#open} opens. */
  void close() throws IOException {
    source.close();
    cities.close();
    routes.close();
  }
}
