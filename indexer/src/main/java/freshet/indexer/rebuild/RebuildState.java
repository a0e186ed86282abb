package freshet.indexer.rebuild;

import freshet.indexer.scan.KeyRange;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a rebuild has to know after a restart.
 *
 * @param phase how far it has come
 * @param started when, by this machine's clock
 * @param schema of the new indexes
 * @param cities to be built anew; null if all are, in which case cities that no document belongs to
 *     any more end with the switch
 * @param begin where catching up begins, or goes on: nothing that changed after the first row was
 *     read, and is not applied yet, lies before it
 * @param ranges in which the table is read, in their order
 * @param estimatedRows of the table
 * @param position up to which the new indexes have everything; null before it has caught up
 * @param built the new indexes' histories, by city; empty before it is ready
 */
public record RebuildState(
    Phase phase,
    Instant started,
    Digest schema,
    @Nullable SortedSet<City> cities,
    SourcePosition begin,
    List<KeyRange> ranges,
    long estimatedRows,
    @Nullable SourcePosition position,
    SortedMap<City, Incarnation> built) {

  /** How far a rebuild has come. */
  public enum Phase {
    /** Rows are read, in ranges. */
    READING,
    /** What changed meanwhile is polled. */
    CATCHING_UP,
    /** The master may switch. */
    READY,
    /** The master is moving the new indexes to their places: to be completed after a crash. */
    SWITCHING,
    /** They are in their places, and were not all published yet. */
    SWITCHED
  }

  /** Copies. */
  public RebuildState {
    cities = cities == null ? null : Collections.unmodifiableSortedSet(new TreeSet<>(cities));
    ranges = List.copyOf(ranges);
    built = Collections.unmodifiableSortedMap(new TreeMap<>(built));
  }

  /** The same in another phase. */
  public RebuildState in(Phase next) {
    return with(next, begin, position, built);
  }

  /** Before the first row. */
  static RebuildState begin(
      RebuildTask task,
      Instant started,
      SourcePosition begin,
      List<KeyRange> ranges,
      long estimatedRows) {
    return new RebuildState(
        Phase.READING,
        started,
        task.schema(),
        task.cities(),
        begin,
        ranges,
        estimatedRows,
        null,
        Collections.emptySortedMap());
  }

  /** All rows are read. */
  RebuildState loaded() {
    return with(Phase.CATCHING_UP, begin, null, built);
  }

  /** What changed is applied up to here. */
  RebuildState caughtUpTo(SourcePosition reached) {
    return with(Phase.CATCHING_UP, reached, null, built);
  }

  /** The master may switch. */
  RebuildState ready(SortedMap<City, Incarnation> indexes) {
    return with(Phase.READY, begin, begin, indexes);
  }

  /** What changed since it was ready is to be applied. */
  RebuildState again() {
    return with(Phase.CATCHING_UP, begin, null, Collections.emptySortedMap());
  }

  private RebuildState with(
      Phase next,
      SourcePosition from,
      @Nullable SourcePosition reached,
      SortedMap<City, Incarnation> indexes) {
    return new RebuildState(
        next, started, schema, cities, from, ranges, estimatedRows, reached, indexes);
  }

  /** Whether a city is among those to be built anew. */
  public boolean concerns(City city) {
    return cities == null || cities.contains(city);
  }
}
