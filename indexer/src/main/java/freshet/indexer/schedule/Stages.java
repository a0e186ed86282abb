package freshet.indexer.schedule;

import freshet.indexer.build.CityIndexes;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.source.ChangeSource;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;

/**
 * What a cycle drives, opened by the caller, who closes them after the cycle.
 *
 * @param source of changes
 * @param cities working indexes
 * @param routes where documents are
 * @param publisher to the repository
 * @param repository the same one that the publisher publishes to
 */
public record Stages(
    ChangeSource source,
    CityIndexes cities,
    RoutingTable routes,
    SnapshotPublisher publisher,
    LocalRepository repository) {}
