package freshet.replicator.swap;

import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiReader;

/**
 * A snapshot that is open for queries: every city at the commit that the snapshot names. Valid as
 * long as the lease that it was got from. Thread-safe.
 *
 * <p>Cities may be shown as they were in an earlier one. In searches over several cities those
 * leave out what another city has by now.
 */
public final class LiveSnapshot implements Closeable {
  private final Snapshot snapshot;
  private final Snapshot newest;
  private final DocumentFields fields;
  private final Analyzer analyzer;
  private final Instant switchedAt;
  private final SortedMap<City, Shared<CityIndex>> held;
  private final SortedMap<City, CityIndex> cities;
  private final SortedMap<City, IndexReader> hiding;
  private final MultiReader allCities;
  private volatile Advertisement advertisement;

  /**
   * Takes over one hold on each of the indexes, and the readers.
   *
   * @param newest that the store has, of which cities may be shown as they were
   * @param hiding readers of cities without what is found elsewhere
   */
  LiveSnapshot(
      Snapshot snapshot,
      Snapshot newest,
      Advertisement advertisement,
      DocumentFields fields,
      Instant switchedAt,
      SortedMap<City, Shared<CityIndex>> held,
      SortedMap<City, IndexReader> hiding)
      throws IOException {
    this.snapshot = snapshot;
    this.newest = newest;
    this.advertisement = advertisement;
    this.fields = fields;
    this.analyzer = fields.analyzer();
    this.switchedAt = switchedAt;
    this.held = new TreeMap<>(held);
    this.hiding = new TreeMap<>(hiding);
    this.cities = indexes(held);
    // Made once, since a query over 700 cities should not begin by putting 700 readers together.
    this.allCities =
        new MultiReader(
            cities.keySet().stream().map(this::amongOthers).toArray(IndexReader[]::new), false);
  }

  /** The indexes themselves. */
  static SortedMap<City, CityIndex> indexes(SortedMap<City, Shared<CityIndex>> held) {
    SortedMap<City, CityIndex> opened = new TreeMap<>();
    held.forEach((city, index) -> opened.put(city, index.get()));
    return Collections.unmodifiableSortedMap(opened);
  }

  /** Its name. */
  public Generation generation() {
    return snapshot.generation();
  }

  /** What it consists of. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** The newest advertisement of this very snapshot. */
  public Advertisement advertisement() {
    return advertisement;
  }

  /** Documents of its schema. */
  public DocumentFields fields() {
    return fields;
  }

  /** Analyzer of its schema; closed with the snapshot. */
  public Analyzer analyzer() {
    return analyzer;
  }

  /** Since when queries see it, by the wall clock. */
  public Instant switchedAt() {
    return switchedAt;
  }

  /** Its cities, ordered by name. */
  public SortedMap<City, CityIndex> cities() {
    return cities;
  }

  /** All cities as one reader, in the order of {@link #cities()}. Not to be closed by callers. */
  public MultiReader allCities() {
    return allCities;
  }

  /**
   * A city's reader for a search over others, too: without documents that another city has by now.
   * Not to be closed by callers.
   */
  public IndexReader amongOthers(City city) {
    IndexReader without = hiding.get(city);
    return without == null ? index(city).reader() : without;
  }

  private CityIndex index(City city) {
    CityIndex index = cities.get(city);
    if (index == null) {
      throw new IllegalArgumentException("there is no city " + city + " in " + this);
    }
    return index;
  }

  /** What the store had when this was switched to. */
  Snapshot newest() {
    return newest;
  }

  void advertise(Advertisement newer) {
    advertisement = newer;
  }

  Map<City, Shared<CityIndex>> held() {
    return held;
  }

  /** Called by the last holder only. */
  @Override
  public void close() throws IOException {
    allCities.close();
    for (IndexReader reader : hiding.values()) {
      reader.close();
    }
    analyzer.close();
    release(held);
  }

  /** Lets go of every index, even where one fails to close. */
  static void release(Map<City, Shared<CityIndex>> indexes) throws IOException {
    IOException failure = null;
    for (Shared<CityIndex> index : indexes.values()) {
      try {
        index.release();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public String toString() {
    return "snapshot " + generation();
  }
}
