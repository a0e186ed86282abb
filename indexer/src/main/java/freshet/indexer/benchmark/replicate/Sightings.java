package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.ListingDocuments;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.swap.CityIndex;
import freshet.replicator.swap.Lease;
import freshet.replicator.swap.LiveSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/**
 * When queries found what was changed. One thread tells of changes, another one of snapshots; the
 * rest is for after their end.
 */
final class Sightings {
  private final Queue<Awaited> awaited = new ConcurrentLinkedQueue<>();
  private final Queue<Gone> gone = new ConcurrentLinkedQueue<>();
  private final Queue<Duration> took = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Deadline> end = new AtomicReference<>();

  /**
   * A document that queries don't find yet.
   *
   * @param version that it has, or an older one than it has
   * @param committed when, on the monotonic clock
   */
  private record Awaited(long id, City city, long version, long committed) {}

  /** A document that was deleted. */
  private record Gone(long id, City city) {}

  /** These were committed just now. */
  void await(CorpusTable.Change change, long now) {
    Instant stamp = change.stamp().toInstant(ZoneOffset.UTC);
    long version = ChronoUnit.MICROS.between(Instant.EPOCH, stamp);
    change
        .written()
        .forEach((id, city) -> awaited.add(new Awaited(id, new City(city), version, now)));
    change.deleted().forEach((id, city) -> gone.add(new Gone(id, new City(city))));
  }

  /** What was seen until now does not count. */
  void forget() {
    took.clear();
    awaited.clear();
  }

  /**
   * There are no more changes; what is not found until then is missing.
   *
   * @param isThere whether a document of that number was not deleted since
   */
  void end(Deadline deadline, LongPredicate isThere) {
    awaited.removeIf(one -> !isThere.test(one.id()));
    end.set(deadline);
  }

  /** Whether it is still worth looking. */
  boolean areWanted() {
    Deadline last = end.get();
    return last == null || (!(awaited.isEmpty() && gone.isEmpty()) && !last.isPast());
  }

  /** Looks for what is awaited in the snapshot that queries see since then. */
  void look(BenchmarkSlave slave, long since) throws IOException {
    try (Lease lease = slave.lease()) {
      List<Awaited> found = new ArrayList<>();
      for (Awaited one : awaited) {
        if (version(lease.snapshot(), one.id(), one.city()) >= one.version()) {
          found.add(one);
          took.add(Duration.ofNanos(since - one.committed()));
        }
      }
      awaited.removeAll(found);
      // A poll reads what is gone before what is new: a commit in between comes in two snapshots.
      if (awaited.isEmpty()) {
        lookForGone(lease.snapshot());
      }
    }
  }

  private void lookForGone(LiveSnapshot snapshot) throws IOException {
    List<Gone> notFound = new ArrayList<>();
    for (Gone one : gone) {
      if (version(snapshot, one.id(), one.city()) < 0) {
        notFound.add(one);
      }
    }
    gone.removeAll(notFound);
  }

  /** How long each took. */
  List<Duration> took() {
    return List.copyOf(took);
  }

  /** The ids of those that were not found, and of those that were and should be gone. */
  Set<Long> missing() {
    Set<Long> ids = new TreeSet<>();
    awaited.forEach(one -> ids.add(one.id()));
    gone.forEach(one -> ids.add(one.id()));
    return ids;
  }

  /** Of the document that a query by its key finds; negative if it finds none. */
  private static long version(LiveSnapshot snapshot, long id, City of) throws IOException {
    CityIndex city = snapshot.cities().get(of);
    if (city == null) {
      return -1;
    }
    IndexSearcher searcher = new IndexSearcher(city.reader());
    TermQuery query = new TermQuery(DocumentFields.idTerm(ListingDocuments.key(id)));
    ScoreDoc[] hits = searcher.search(query, 1).scoreDocs;
    if (hits.length == 0) {
      return -1;
    }
    LeafReaderContext leaf =
        city.reader().leaves().get(ReaderUtil.subIndex(hits[0].doc, city.reader().leaves()));
    NumericDocValues versions = leaf.reader().getNumericDocValues(DocumentFields.VERSION);
    return versions.advanceExact(hits[0].doc - leaf.docBase) ? versions.longValue() : -1;
  }
}
