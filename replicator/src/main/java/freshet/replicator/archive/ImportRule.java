package freshet.replicator.archive;

import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CitySubset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether an archive may come in the place of what a repository has. Pure. */
final class ImportRule {
  private ImportRule() {}

  /**
   * Decides.
   *
   * @param there what the repository's LATEST says; null without one
   * @param held cities that it holds
   * @param offered LATEST of the archive
   * @param cities that the archive holds; null while that is not known
   * @return why not; empty if it may
   */
  static Optional<String> problem(
      @Nullable Advertisement there,
      CitySubset held,
      Advertisement offered,
      @Nullable CitySubset cities) {
    if (there == null) {
      return Optional.empty();
    }
    if (!there.repository().equals(offered.repository())) {
      return Optional.of(
          "it is repository %s, the archive is of %s; import into an empty folder"
              .formatted(there.repository(), offered.repository()));
    }
    if (there.generation().isAfter(offered.generation())) {
      return Optional.of(
          "it has %s, the archive has the older %s; import into an empty folder, or go back with: bin/replicator snapshots rollback"
              .formatted(there.generation(), offered.generation()));
    }
    if (there.generation().equals(offered.generation())
        && !there.manifest().equals(offered.manifest())) {
      return Optional.of(
          "both have %s, with different content (%s there, %s in the archive): two masters have published; import into an empty folder"
              .formatted(there.generation(), there.manifest().brief(), offered.manifest().brief()));
    }
    if (cities != null && !cities.isAll() && !cities.equals(held)) {
      return Optional.of(
          "it holds the cities %s, the archive only %s; import into an empty folder"
              .formatted(held, cities));
    }
    return Optional.empty();
  }
}
