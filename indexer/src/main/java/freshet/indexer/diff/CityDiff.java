package freshet.indexer.diff;

import freshet.indexer.diff.Difference.Kind;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.TableKey;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the table's keys with the documents of each city, then each city's documents with the
 * table's keys. Neither order is expected of the other. What seems to differ is looked at again
 * once a cycle that began since is published, so that a table that changes raises no false alarm.
 * Memory is that of a page and of a bounded number of suspects, whatever the size of the table.
 */
public final class CityDiff {
  /** Suspects that are kept before they are looked at again. */
  private static final int MOST_SUSPECTS = 100_000;

  private static final int PAGE = 10_000;

  private final TableKeys table;
  private final PublishedIndex index;
  private final SetAsideKeys quarantine;
  private final CycleWait wait;
  private final DiffProgress progress;
  private final SortedMap<City, CityCounts> counts = new TreeMap<>();
  private final List<Difference> suspects = new ArrayList<>();
  private @Nullable Set<City> only;
  private Consumer<List<Difference>> found = unused -> {};
  private Set<DocumentKey> setAside = Set.of();
  private long skipped;
  private long unlisted;
  private boolean isVerified = true;

  /** The quarantine, as it is by now. */
  public interface SetAsideKeys {
    Set<DocumentKey> read() throws IOException;
  }

  /**
   * A comparison, which is run once.
   *
   * @param quarantine keys of rows that can't become documents, which are not compared
   * @param wait for cycles that bring what changes meanwhile
   * @param progress hears how far it has come
   */
  public CityDiff(
      TableKeys table,
      PublishedIndex index,
      SetAsideKeys quarantine,
      CycleWait wait,
      DiffProgress progress) {
    this.table = table;
    this.index = index;
    this.quarantine = quarantine;
    this.wait = wait;
    this.progress = progress;
  }

  /**
   * Compares.
   *
   * @param cities to compare; null for all
   * @param shown how many differences the report names
   * @param sink takes all differences, as they are found
   */
  public DiffReport run(@Nullable Set<City> cities, int shown, Consumer<List<Difference>> sink)
      throws SourceException, IOException, InterruptedException {
    List<Difference> first = new ArrayList<>();
    setAside = quarantine.read();
    only = cities;
    found =
        some -> {
          some.stream().limit(Math.max(0, shown - first.size())).forEach(first::add);
          sink.accept(some);
        };
    if (cities != null) {
      cities.forEach(this::count);
    }
    compareTable();
    compareIndex();
    verify();
    return new DiffReport(
        index.snapshot().generation(),
        isVerified,
        List.copyOf(counts.values()),
        skipped,
        unlisted,
        first);
  }

  private void compareTable() throws SourceException, IOException, InterruptedException {
    DocumentKey after = DocumentKey.EMPTY;
    while (after != null) {
      TableKeys.Page page = table.after(after);
      Map<City, List<TableKey>> byCity = new TreeMap<>();
      for (TableKey row : page.rows()) {
        expected(row).ifPresent(city -> rows(byCity, city).add(row));
      }
      for (Map.Entry<City, List<TableKey>> of : byCity.entrySet()) {
        compare(of.getKey(), of.getValue());
      }
      after = page.last();
      progress.table(page.rows().size());
      verifyIfMany();
    }
  }

  private static List<TableKey> rows(Map<City, List<TableKey>> byCity, City city) {
    return byCity.computeIfAbsent(city, c -> new ArrayList<>());
  }

  /** The city that is to hold a row; empty if none is, or it is not compared. */
  private Optional<City> expected(TableKey row) {
    Optional<City> city = TableKeys.city(row);
    if (city.isPresent() && !isCompared(city.get())) {
      return Optional.empty();
    }
    if (city.isEmpty() || setAside.contains(row.key())) {
      skipped += row.isSearchable() ? 1 : 0;
      return Optional.empty();
    }
    if (!table.indexes(city.get())) {
      unlisted++;
      return Optional.empty();
    }
    return row.isSearchable() ? city : Optional.empty();
  }

  private boolean isCompared(City city) {
    return only == null || only.contains(city);
  }

  private void compare(City city, List<TableKey> rows) throws IOException {
    Map<DocumentKey, Long> versions =
        index.versions(city, rows.stream().map(TableKey::key).toList());
    for (TableKey row : rows) {
      counts.put(city, count(city).withRow());
      Long version = versions.get(row.key());
      if (version == null) {
        suspects.add(new Difference(row.key(), Kind.MISSING, city, city));
      } else if (version != row.version()) {
        suspects.add(new Difference(row.key(), Kind.OUTDATED, city, city));
      }
    }
  }

  private void compareIndex() throws SourceException, IOException, InterruptedException {
    for (City city : index.cities()) {
      if (isCompared(city)) {
        compareIndex(city);
      }
    }
  }

  private void compareIndex(City city) throws SourceException, IOException, InterruptedException {
    count(city);
    DocumentKey after = DocumentKey.EMPTY;
    List<DocumentKey> page;
    do {
      page = index.keysAfter(city, after, PAGE);
      counts.put(city, count(city).withDocuments(page.size()));
      Map<DocumentKey, TableKey> rows = table.of(page);
      for (DocumentKey key : page) {
        intruder(key, city, rows.get(key)).ifPresent(suspects::add);
      }
      after = page.isEmpty() ? after : page.getLast();
      progress.index(page.size());
      verifyIfMany();
    } while (page.size() == PAGE);
  }

  /** A document that should not be in a city, given its row; empty if it may. */
  private Optional<Difference> intruder(DocumentKey key, City city, @Nullable TableKey row) {
    if (setAside.contains(key)) {
      return Optional.empty();
    }
    if (row == null || !row.isSearchable()) {
      return Optional.of(new Difference(key, Kind.GHOST, city, null));
    }
    // A row that can be in no city is set aside; the index keeps what could be read last.
    return TableKeys.city(row)
        .filter(belongs -> !belongs.equals(city))
        .map(belongs -> new Difference(key, Kind.WRONG_CITY, city, belongs));
  }

  private void verifyIfMany() throws SourceException, IOException, InterruptedException {
    if (suspects.size() >= MOST_SUSPECTS) {
      verify();
    }
  }

  /** Looks again at what seemed to differ, once a cycle that has begun since is published. */
  private void verify() throws SourceException, IOException, InterruptedException {
    if (suspects.isEmpty()) {
      return;
    }
    progress.verifies(suspects.size());
    isVerified &= wait.next();
    index.refresh();
    setAside = quarantine.read();
    List<DocumentKey> keys = suspects.stream().map(Difference::key).distinct().toList();
    Map<DocumentKey, TableKey> rows = table.of(keys);
    Map<City, List<Difference>> byCity = new TreeMap<>();
    suspects.forEach(one -> byCity.computeIfAbsent(one.city(), city -> new ArrayList<>()).add(one));
    List<Difference> differing = new ArrayList<>();
    for (Map.Entry<City, List<Difference>> of : byCity.entrySet()) {
      Map<DocumentKey, Long> versions =
          index.versions(of.getKey(), of.getValue().stream().map(Difference::key).toList());
      for (Difference suspect : of.getValue()) {
        again(suspect, rows.get(suspect.key()), versions.get(suspect.key()))
            .ifPresent(differing::add);
      }
    }
    suspects.clear();
    Set<DocumentKey> deleted = deletedSince(differing);
    List<Difference> certain = new ArrayList<>();
    for (Difference one : differing) {
      boolean isPending = isPending(one.city(), rows.get(one.key())) || deleted.contains(one.key());
      CityCounts before = count(one.city());
      counts.put(one.city(), isPending ? before.withPending() : before.with(one.kind()));
      if (!isPending) {
        certain.add(one);
      }
    }
    found.accept(certain);
  }

  private Optional<Difference> again(
      Difference suspect, @Nullable TableKey row, @Nullable Long version) {
    City city = suspect.city();
    if (setAside.contains(suspect.key())) {
      return Optional.empty();
    }
    if (suspect.isInTheWay()) {
      return version == null ? Optional.empty() : intruder(suspect.key(), city, row);
    }
    if (row == null
        || !row.isSearchable()
        || !TableKeys.city(row).equals(Optional.of(city))
        || (version != null && version == row.version())) {
      return Optional.empty();
    }
    Kind kind = version == null ? Kind.MISSING : Kind.OUTDATED;
    return Optional.of(new Difference(suspect.key(), kind, city, city));
  }

  /** Whether a row has changed since the poll that the snapshot stands for. */
  private boolean isPending(City city, @Nullable TableKey row) {
    return row != null
        && new Cursor(row.version(), row.key()).compareTo(index.position(city).changes()) > 0;
  }

  /** Ghosts that a tombstone names which that poll has not read. */
  private Set<DocumentKey> deletedSince(List<Difference> differing) throws SourceException {
    Set<DocumentKey> ghosts = new HashSet<>();
    differing.stream()
        .filter(one -> one.kind() == Kind.GHOST)
        .forEach(one -> ghosts.add(one.key()));
    return table.deletedSince(index.snapshot().manifest().position().deletions(), ghosts);
  }

  private CityCounts count(City city) {
    return counts.computeIfAbsent(city, CityCounts::none);
  }
}
