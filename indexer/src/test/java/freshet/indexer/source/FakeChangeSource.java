package freshet.indexer.source;

import freshet.indexer.session.SourceException;
import freshet.indexer.table.Row;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A table with versions and tombstones in memory, polled as a real one is: deletions first, then
 * changes, in keyset order and bounded, with an overlap for late commits. One tick of its clock is
 * one microsecond, and each operation takes one.
 */
public final class FakeChangeSource implements ChangeSource {
  /** A key of one integer; a title, a price. */
  public static final IndexSchema SCHEMA =
      new IndexSchema(
          FormatVersion.CURRENT,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "standard", false, true, false),
              new FieldSpec("price", FieldType.LONG, null, false, true, true)),
          List.of("title"));

  /** A row of the table. */
  public record Row(long version, City city, String title) {}

  private final SortedMap<Long, Row> table = new TreeMap<>();
  private final NavigableSet<Cursor> tombstones = new TreeSet<>();
  private final int maxRows;
  private final long overlap;
  private long clock = 1_000_000;
  private int failures;
  private int polls;
  private Runnable betweenPhases = () -> {};

  /**
   * An empty table.
   *
   * @param maxRows in one batch
   * @param overlap in ticks
   */
  public FakeChangeSource(int maxRows, long overlap) {
    this.maxRows = maxRows;
    this.overlap = overlap;
  }

  /** An empty table that is read in one batch. */
  public FakeChangeSource() {
    this(1_000_000, 1_000);
  }

  /** Inserts a row, or replaces it. */
  public void put(long id, String city, String title) {
    table.put(id, new Row(++clock, new City(city), title));
  }

  /** The same in a transaction that stamped its row so many ticks ago and commits now. */
  public void putLate(long id, String city, String title, long ticksAgo) {
    clock++;
    table.put(id, new Row(clock - ticksAgo, new City(city), title));
  }

  /** Changes a row without changing its version. */
  public void putUnstamped(long id, String city, String title) {
    table.put(id, new Row(table.get(id).version(), new City(city), title));
  }

  /** Deletes a row and leaves a tombstone. */
  public void delete(long id) {
    if (table.remove(id) != null) {
      tombstones.add(new Cursor(++clock, key(id)));
    }
  }

  /** What the table holds now, by id. */
  public SortedMap<Long, Row> table() {
    return new TreeMap<>(table);
  }

  /** The next polls fail after reading half, so many of them. */
  public void failNext(int times) {
    failures = times;
  }

  /** Runs once in the next poll, after the deletions were read. */
  public void betweenPhases(Runnable change) {
    betweenPhases = change;
  }

  /** How many polls there were. */
  public int polls() {
    return polls;
  }

  /** The key of an id. */
  public static DocumentKey key(long id) {
    return SCHEMA.keyCodec().encode(List.of(id));
  }

  /** The document of a row. */
  public static SourceDocument document(long id, long version, String city, String title) {
    List<Object> values = List.of(title, id);
    return SourceDocument.of(key(id), version, new City(city), values);
  }

  @Override
  public ChangeBatch poll(SourcePosition from, OverlapWindow window, StoredDocuments stored)
      throws SourceException {
    polls++;
    Reading reading = new Reading(from, window);
    reading.readDeletions();
    if (failures > 0) {
      failures--;
      throw new SourceException.LostDuringQuery("the fake source was told to fail", cause());
    }
    Runnable change = betweenPhases;
    betweenPhases = () -> {};
    change.run();
    reading.readChanges();
    return reading.batch();
  }

  @Override
  public void close() {}

  private static IOException cause() {
    return new IOException("connection reset");
  }

  private final class Reading {
    private final SourcePosition from;
    private final OverlapWindow window;
    private final Map<DocumentKey, Change> changes = new LinkedHashMap<>();
    private final NavigableSet<Cursor> seenRows = new TreeSet<>();
    private final NavigableSet<Cursor> seenTombstones = new TreeSet<>();
    private Cursor deletions;
    private Cursor rows;
    private int deletionsRead;
    private int changesRead;
    private int overlapPairs;
    private int overlapFetched;
    private boolean reachedEnd = true;

    Reading(SourcePosition from, OverlapWindow window) {
      this.from = from;
      this.window = window;
      this.deletions = from.deletions();
      this.rows = from.changes();
    }

    void readDeletions() {
      for (Cursor tombstone : tombstones) {
        boolean isNew = tombstone.compareTo(from.deletions()) > 0;
        if (!isNew && (!isInOverlap(tombstone, from.deletions()))) {
          continue;
        }
        if (isNew && isFull()) {
          reachedEnd = false;
          return;
        }
        seenTombstones.add(tombstone);
        if (!isNew && window.deletions().seen().contains(tombstone)) {
          continue;
        }
        deletionsRead++;
        long id = id(tombstone.key());
        Row row = table.get(id);
        add(
            row == null
                ? new Change.Deletion(tombstone.key(), Change.Origin.TOMBSTONE)
                : upsert(id, row, Change.Origin.TOMBSTONE));
        deletions = isNew ? tombstone : deletions;
      }
    }

    void readChanges() {
      TreeMap<Cursor, Long> byCursor = new TreeMap<>();
      table.forEach((id, row) -> byCursor.put(new Cursor(row.version(), key(id)), id));
      for (Map.Entry<Cursor, Long> at : byCursor.entrySet()) {
        boolean isNew = at.getKey().compareTo(from.changes()) > 0;
        if (!isNew && !isInOverlap(at.getKey(), from.changes())) {
          continue;
        }
        if (isNew && isFull()) {
          reachedEnd = false;
          return;
        }
        seenRows.add(at.getKey());
        overlapPairs += isNew ? 0 : 1;
        if (!isNew && window.changes().seen().contains(at.getKey())) {
          continue;
        }
        overlapFetched += isNew ? 0 : 1;
        changesRead++;
        Change.Origin origin = isNew ? Change.Origin.CURSOR : Change.Origin.OVERLAP;
        add(upsert(at.getValue(), table.get(at.getValue()), origin));
        rows = isNew ? at.getKey() : rows;
      }
    }

    ChangeBatch batch() {
      Instant now = Instant.EPOCH.plusNanos(clock * 1_000);
      String gtid = "fake:1-" + clock;
      return new ChangeBatch(
          new ArrayList<>(changes.values()),
          from,
          new SourcePosition("fake", gtid, deletions, rows, Map.of()),
          new OverlapWindow(
              new PairWindow(seenRows, new TreeSet<>(), Cursor.START, Cursor.START),
              new PairWindow(seenTombstones, new TreeSet<>(), Cursor.START, Cursor.START),
              Map.of()),
          reachedEnd,
          reachedEnd ? now : null,
          reachedEnd ? null : "the end was not reached",
          new DatabaseClock(Duration.ZERO, Duration.ofMillis(1)),
          List.of(),
          new PollReport(
              "fake",
              now,
              now,
              Duration.ZERO,
              Duration.ofMillis(1),
              2,
              0,
              0,
              deletionsRead,
              changesRead,
              overlapPairs,
              overlapFetched,
              seenRows.size() + seenTombstones.size(),
              0,
              1,
              CheckCounts.NONE));
    }

    private boolean isFull() {
      return changes.size() >= maxRows;
    }

    private boolean isInOverlap(Cursor at, Cursor cursor) {
      return at.version() > cursor.version() - overlap;
    }

    private void add(Change change) {
      changes.remove(change.key());
      changes.put(change.key(), change);
    }

    private Change upsert(long id, Row row, Change.Origin origin) {
      return new Change.Upsert(document(id, row.version(), row.city().name(), row.title()), origin);
    }

    private static long id(DocumentKey key) {
      return (Long) SCHEMA.keyCodec().decode(key).getFirst();
    }
  }
}
