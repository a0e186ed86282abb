package freshet.replicator.app;

import freshet.replicator.freshness.Canary;
import freshet.replicator.runtime.Time;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.search.Filter;
import freshet.replicator.search.SearchException;
import freshet.replicator.search.SearchLimits;
import freshet.replicator.search.SearchRequest;
import freshet.replicator.search.SearchResult;
import freshet.replicator.search.SearchResult.Hit;
import freshet.replicator.search.SearchService;
import freshet.replicator.snapshot.City;
import freshet.replicator.swap.SnapshotSwitch;
import java.time.Instant;
import java.util.List;

/**
 * Searches for the canary as anybody's query would, and remembers what was found. While a search
 * hangs, or nobody searches, what was found last grows old. Thread-safe.
 */
final class CanarySearch {
  private final Canary canary;
  private final SearchService service;
  private volatile Canary.Sighting last = new Canary.Unseen("it was not searched for yet");

  /** In what is live at the moment of each search; limits of other people's queries are not its. */
  CanarySearch(Canary canary, SnapshotSwitch snapshots, Time time) {
    this.canary = canary;
    this.service = new SearchService(snapshots, SearchLimits.DEFAULT, time);
  }

  Canary canary() {
    return canary;
  }

  /** Searches once, on the calling thread, which must not be interrupted meanwhile. */
  synchronized void seek() {
    City city = canary.city();
    SearchRequest request =
        new SearchRequest(
            "",
            city == null ? List.of() : List.of(city.name()),
            List.of(new Filter.Equals(DocumentFields.ID, canary.id())),
            null,
            List.of(),
            List.of(),
            0,
            SearchRequest.DEFAULT_SIZE,
            null);
    try {
      last = sighting(service.search(request));
    } catch (SearchException e) {
      last = new Canary.Unseen("%s; %s".formatted(e.getMessage(), e.fix()));
    }
  }

  /** What the last search found. */
  Canary.Sighting last() {
    return last;
  }

  private Canary.Sighting sighting(SearchResult found) {
    Instant oldest = null;
    for (Hit hit : found.hits()) {
      Object time = canary.field() == null ? hit.version() : hit.fields().get(canary.field());
      if (!(time instanceof Instant written)) {
        return new Canary.Unseen(
            "its field '%s' holds %s: a stored field of type date with one value is expected"
                .formatted(canary.field(), time == null ? "nothing" : "'" + time + "'"));
      }
      oldest = oldest == null || written.isBefore(oldest) ? written : oldest;
    }
    if (oldest != null) {
      return new Canary.Seen(oldest);
    }
    return new Canary.Unseen(
        found.isPartial()
            ? "the search for it did not end within %,d ms".formatted(found.took().toMillis())
            : "it is not found in generation " + found.generation());
  }
}
