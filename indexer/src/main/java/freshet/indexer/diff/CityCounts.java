package freshet.indexer.diff;

import freshet.replicator.snapshot.City;

/**
 * One city, side by side.
 *
 * @param city the city
 * @param database rows that are to be indexed there
 * @param index documents
 * @param missing rows without a document there
 * @param ghosts documents without a row
 * @param wrongCity documents whose row names another city
 * @param outdated documents of another version than their row
 * @param pending documents that differ because of a change that no poll has read yet: no difference
 */
public record CityCounts(
    City city,
    long database,
    long index,
    long missing,
    long ghosts,
    long wrongCity,
    long outdated,
    long pending) {

  /** Nothing of a city. */
  static CityCounts none(City city) {
    return new CityCounts(city, 0, 0, 0, 0, 0, 0, 0);
  }

  /** Documents that are not as their rows. */
  public long differences() {
    return missing + ghosts + wrongCity + outdated;
  }

  CityCounts withRow() {
    return new CityCounts(city, database + 1, index, missing, ghosts, wrongCity, outdated, pending);
  }

  CityCounts withDocuments(int more) {
    return new CityCounts(
        city, database, index + more, missing, ghosts, wrongCity, outdated, pending);
  }

  CityCounts withPending() {
    return new CityCounts(city, database, index, missing, ghosts, wrongCity, outdated, pending + 1);
  }

  CityCounts with(Difference.Kind kind) {
    return new CityCounts(
        city,
        database,
        index,
        missing + (kind == Difference.Kind.MISSING ? 1 : 0),
        ghosts + (kind == Difference.Kind.GHOST ? 1 : 0),
        wrongCity + (kind == Difference.Kind.WRONG_CITY ? 1 : 0),
        outdated + (kind == Difference.Kind.OUTDATED ? 1 : 0),
        pending);
  }
}
