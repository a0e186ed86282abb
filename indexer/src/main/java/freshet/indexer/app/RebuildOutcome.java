package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.Optional;

/**
 * What came of a rebuild.
 *
 * @param kind always "published"
 * @param generation that LATEST names
 * @param documents of all cities
 * @param cities how many there are
 */
record RebuildOutcome(String kind, Generation generation, long documents, int cities) {

  static RebuildOutcome of(Snapshot snapshot) {
    return new RebuildOutcome(
        "published", snapshot.generation(), snapshot.documents(), snapshot.cities().size());
  }

  /** What LATEST names; empty if nothing is published. */
  static Optional<Snapshot> published(IndexerConfig config) throws IOException {
    LocalRepository repository =
        new LocalRepository(new RepositoryLayout(config.repository().folder()));
    Optional<Advertisement> latest = repository.latest();
    return latest.isEmpty() ? Optional.empty() : Optional.of(repository.snapshot(latest.get()));
  }

  /** For people. */
  @Override
  public String toString() {
    return "rebuilt and published: generation %s has %s in %s"
        .formatted(generation, Count.of(documents, "document"), Count.of(cities, "city", "cities"));
  }
}
