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
 */
public final class LiveSnapshot implements Closeable {
  private final Snapshot snapshot;
  private final DocumentFields fields;
  private final Analyzer analyzer;
  private final Instant switchedAt;
  private final SortedMap<City, Shared<CityIndex>> held;
  private final SortedMap<City, CityIndex> cities;
  private final MultiReader allCities;
  private volatile Advertisement advertisement;

  /** Takes over one hold on each of the indexes. */
  LiveSnapshot(
      Snapshot snapshot,
      Advertisement advertisement,
      DocumentFields fields,
      Instant switchedAt,
      SortedMap<City, Shared<CityIndex>> held)
      throws IOException {
    this.snapshot = snapshot;
    this.advertisement = advertisement;
    this.fields = fields;
    this.analyzer = fields.analyzer();
    this.switchedAt = switchedAt;
    this.held = new TreeMap<>(held);
    TreeMap<City, CityIndex> opened = new TreeMap<>();
    held.forEach((city, index) -> opened.put(city, index.get()));
    this.cities = Collections.unmodifiableSortedMap(opened);
    // Made once, since a query over 700 cities should not begin by putting 700 readers together.
    this.allCities =
        new MultiReader(
            opened.values().stream().map(CityIndex::reader).toArray(IndexReader[]::new), false);
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
