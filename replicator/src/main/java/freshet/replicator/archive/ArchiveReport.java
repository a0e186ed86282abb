package freshet.replicator.archive;

import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.Snapshot;

/**
 * What an archive holds.
 *
 * @param repository identity of the repository that it comes from
 * @param generation the snapshot
 * @param cities how many
 * @param documents of all of them
 * @param members files in the archive
 * @param bytes of the index files
 * @param archiveBytes length of the archive
 */
public record ArchiveReport(
    RepositoryId repository,
    Generation generation,
    int cities,
    long documents,
    int members,
    long bytes,
    long archiveBytes) {

  static ArchiveReport of(Snapshot whole, CitySubset cities, int members, long archiveBytes) {
    Snapshot part = cities.of(whole);
    return new ArchiveReport(
        whole.manifest().repository(),
        whole.generation(),
        part.cities().size(),
        part.documents(),
        members,
        part.bytes(),
        archiveBytes);
  }
}
