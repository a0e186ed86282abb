package freshet.indexer.benchmark.replicate;

import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The names of all files of a repository's newest snapshot: what a slave has to have. */
final class SnapshotFiles {
  private SnapshotFiles() {}

  static List<String> of(LocalRepository repository) throws IOException {
    Snapshot snapshot = repository.latestSnapshot().orElseThrow();
    List<String> names = new ArrayList<>();
    names.add(RepositoryLayout.snapshotName(snapshot.generation()));
    names.add(RepositoryLayout.schemaName(snapshot.manifest().schema()));
    for (CityEntry entry : snapshot.cities().values()) {
      names.add(RepositoryLayout.cityManifestName(entry));
      CityManifest city = repository.cityManifest(entry);
      for (FileEntry file : city.files()) {
        names.add(RepositoryLayout.fileName(city.city(), city.incarnation(), file.name()));
      }
    }
    return names;
  }
}
