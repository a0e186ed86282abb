package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.Corpus;
import freshet.indexer.benchmark.build.ListingDocuments;
import freshet.indexer.demo.data.Listing;
import freshet.indexer.route.CityBatch;
import freshet.indexer.source.Change;
import freshet.replicator.snapshot.City;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The documents of one city as they change. Not thread-safe. */
final class ChangingCity {
  private static final int TENTHS = 10;
  private static final int EDITS = 5;
  private static final int DELETIONS = 1;

  private final City city;
  private final Corpus corpus;
  private final Random random;
  private final List<Long> live = new ArrayList<>();
  private long next;
  private long textBytes;

  ChangingCity(City city, Corpus corpus, Random random) {
    this.city = city;
    this.corpus = corpus;
    this.random = random;
  }

  int documents() {
    return live.size();
  }

  /** Bytes of the titles and bodies that were written, in UTF-8. */
  long textBytes() {
    return textBytes;
  }

  /** So many new documents. */
  CityBatch fill(int count, long version) {
    List<Change.Upsert> upserts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      live.add(next);
      upserts.add(document(next++, version));
    }
    return new CityBatch(city, upserts, List.of());
  }

  /** So many changes, of different documents. */
  CityBatch change(int count, long version) {
    List<Change.Upsert> upserts = new ArrayList<>();
    List<Change.Deletion> deletions = new ArrayList<>();
    Set<Long> edited = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(TENTHS);
      if (kind < EDITS) {
        long id = live.get(random.nextInt(live.size()));
        if (edited.add(id)) {
          upserts.add(document(id, version));
        }
      } else if (kind >= EDITS + DELETIONS) {
        live.add(next);
        edited.add(next);
        upserts.add(document(next++, version));
      } else {
        int at = random.nextInt(live.size());
        if (!edited.contains(live.get(at))) {
          long id = live.set(at, live.getLast());
          live.removeLast();
          deletions.add(new Change.Deletion(ListingDocuments.key(id), Change.Origin.TOMBSTONE));
        }
      }
    }
    return new CityBatch(city, upserts, deletions);
  }

  private Change.Upsert document(long id, long version) {
    Listing listing = corpus.next().listing();
    textBytes += bytes(listing.title()) + bytes(listing.body());
    return new Change.Upsert(ListingDocuments.of(id, version, city, listing), Change.Origin.CURSOR);
  }

  private static long bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
