package freshet.indexer.schedule;

import freshet.indexer.build.WorkingCity;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Incarnation;
import org.jspecify.annotations.Nullable;

/** What to do with a city's working index at the start, given what is published. Pure. */
sealed interface CityStart {

  /** It continues what is published. */
  record Keep() implements CityStart {}

  /** It was rebuilt, and is published as soon as it has caught up. */
  record Adopt() implements CityStart {}

  /** The rebuild found no document of it; what is here was built since, and is read again. */
  record Empty() implements CityStart {}

  /** The published commit takes its place. */
  record Hydrate(CityEntry published, String reason) implements CityStart {}

  /** Nothing of it was published, so that all of it will be read again. */
  record Drop() implements CityStart {}

  /** A rebuilt index that is unusable, and nothing to take its place: read from the start. */
  record Lost() implements CityStart {}

  /**
   * What a rebuild made of a city.
   *
   * @param built the history of the new index; null if the city has no documents
   */
  record Rebuilt(@Nullable Incarnation built) {}

  /**
   * Decides for a city that is held and not in LATEST's snapshot: its working index, which nothing
   * else has, goes on where that snapshot stands.
   */
  static CityStart ofHeld(@Nullable WorkingCity working, boolean isOwn) {
    return working == null || !isOwn ? new Lost() : new Keep();
  }

  /**
   * Decides.
   *
   * @param working last commit of the working index; null if it is lost or damaged
   * @param published the city in LATEST's snapshot; null if it is not there, or of another schema
   * @param rebuilt if the city was rebuilt and that is not published yet
   * @param isOwn whether LATEST is this master's own last word. If it is not, another one may have
   *     published since, and what lies here may lack rows that LATEST's position leaves behind.
   * @param schema of the indexes
   */
  static CityStart decide(
      @Nullable WorkingCity working,
      @Nullable CityEntry published,
      @Nullable Rebuilt rebuilt,
      boolean isOwn,
      Digest schema) {
    if (rebuilt != null) {
      if (rebuilt.built == null) {
        return new Empty();
      }
      if (working != null && working.incarnation().equals(rebuilt.built)) {
        return new Adopt();
      }
    }
    if (published == null) {
      return rebuilt == null ? new Drop() : new Lost();
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
