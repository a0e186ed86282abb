package freshet.indexer.schedule;

import freshet.indexer.build.WorkingCity;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.CityEntry;
import org.jspecify.annotations.Nullable;

/** What to do with a city's working index at the start, given what is published. Pure. */
sealed interface CityStart {

  /** It continues what is published. */
  record Keep() implements CityStart {}

  /** The published commit takes its place. */
  record Hydrate(CityEntry published, String reason) implements CityStart {}

  /** Nothing of it was published, so that all of it will be read again. */
  record Drop() implements CityStart {}

  /**
   * Decides.
   *
   * @param working last commit of the working index; null if it is lost or damaged
   * @param published the city in LATEST's snapshot; null if it is not there
   * @param isOwn whether LATEST is this master's own last word. If it is not, another one may have
   *     published since, and what lies here may lack rows that LATEST's position leaves behind.
   * @param schema of the indexes
   */
  static CityStart decide(
      @Nullable WorkingCity working, @Nullable CityEntry published, boolean isOwn, Digest schema) {
    if (published == null) {
      return new Drop();
    }
    if (working == null) {
      return new Hydrate(published, "the working index is lost or damaged");
    }
    if (!isOwn) {
      return new Hydrate(published, "LATEST is not this master's last word");
    }
    if (!working.data().schema().equals(schema)) {
      return new Hydrate(published, "the working index has another schema");
    }
    if (!working.incarnation().equals(published.incarnation())) {
      return new Hydrate(published, "the working index is of another history");
    }
    if (working.commit() < published.commit()) {
      return new Hydrate(published, "the working index is older than what is published");
    }
    return new Keep();
  }
}
