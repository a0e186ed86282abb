package freshet.indexer.diff;

import freshet.indexer.session.SourceException;
import freshet.indexer.source.KeyChunks;
import freshet.indexer.table.CityFilter;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.TableKey;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The table's keys, in pages and by look-ups, each within the deadlines of its session. Used by one
 * thread.
 */
public final class TableKeys {
  /** Pages that one reader reads, since its connects and waits are limited as those of a poll. */
  private static final int PAGES_OF_A_READER = 50;

  private static final int PAGE = 10_000;

  private final Supplier<PageReader> readers;
  private final boolean isByKeyOnly;
  private final boolean hasTombstones;
  private final CityFilter filter;
  private @Nullable PageReader reader;
  private int pages;

  /**
   * The keys of a table.
   *
   * @param readers makes one for the next pages
   * @param isByKeyOnly whether only a look-up tells a row's city
   * @param hasTombstones whether deletions are noted
   * @param filter which cities are indexed
   */
  public TableKeys(
      Supplier<PageReader> readers, boolean isByKeyOnly, boolean hasTombstones, CityFilter filter) {
    this.readers = readers;
    this.isByKeyOnly = isByKeyOnly;
    this.hasTombstones = hasTombstones;
    this.filter = filter;
  }

  /**
   * A page of the table.
   *
   * @param rows with their cities; one whose row is gone by now is left out
   * @param last where the next page follows; null if none does
   */
  public record Page(List<TableKey> rows, @Nullable DocumentKey last) {}

  /** The rows after a key, in the database's order; from the first one if the key is empty. */
  public Page after(DocumentKey after) throws SourceException {
    List<TableKey> rows = next().keysAfter(after, PAGE);
    DocumentKey last = rows.size() < PAGE ? null : rows.getLast().key();
    if (isByKeyOnly) {
      rows = List.copyOf(of(rows.stream().map(TableKey::key).toList()).values());
    }
    return new Page(rows, last);
  }

  /** The rows of these keys; those that do not exist are missing. */
  public Map<DocumentKey, TableKey> of(List<DocumentKey> keys) throws SourceException {
    Map<DocumentKey, TableKey> rows = HashMap.newHashMap(keys.size());
    for (List<DocumentKey> some : KeyChunks.of(keys)) {
      next().keys(some).forEach(row -> rows.put(row.key(), row));
    }
    return rows;
  }

  /** Those of these keys that tombstones after a place name; none where none are kept. */
  public Set<DocumentKey> deletedSince(Cursor place, Set<DocumentKey> keys) throws SourceException {
    Set<DocumentKey> deleted = new HashSet<>();
    Cursor after = place;
    boolean isLast = keys.isEmpty() || !hasTombstones;
    while (!isLast) {
      List<Cursor> page = next().tombstones(after, PAGE);
      page.stream().map(Cursor::key).filter(keys::contains).forEach(deleted::add);
      isLast = page.size() < PAGE;
      after = isLast ? after : page.getLast();
    }
    return deleted;
  }

  /**
   * The version of the newest tombstone that names a key, in microseconds; empty if none is left,
   * or none are kept. Tombstones are indexed by version, so that this may read all of that index.
   */
  public OptionalLong deletedAt(DocumentKey key) throws SourceException {
    return hasTombstones
        ? next().tombstonesOf(List.of(key)).stream().mapToLong(Cursor::version).max()
        : OptionalLong.empty();
  }

  /** The city that a row names; empty if it is none. */
  public static Optional<City> city(TableKey row) {
    return city(row.city());
  }

  /** The city of that name; empty if none may have it. */
  public static Optional<City> city(@Nullable String name) {
    return name == null || City.problemWith(name).isPresent()
        ? Optional.empty()
        : Optional.of(new City(name));
  }

  /** Whether the documents of a city are indexed. */
  public boolean indexes(City city) {
    return filter.allows(city);
  }

  private PageReader next() {
    PageReader current = reader;
    if (current == null || ++pages > PAGES_OF_A_READER) {
      current = readers.get();
      reader = current;
      pages = 1;
    }
    return current;
  }
}
