package freshet.replicator.search;

import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.search.SearchException.BadRequest;
import freshet.replicator.search.SearchResult.Hit;
import freshet.replicator.search.SearchResult.Total;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.swap.Lease;
import freshet.replicator.swap.LiveSnapshot;
import freshet.replicator.swap.SnapshotSwitch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopFieldCollectorManager;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.TotalHits;
import org.jspecify.annotations.Nullable;

/**
 * Answers searches from the live snapshot. Each sees one snapshot from beginning to end, over all
 * its cities; on the same snapshot, the same request gives the same hits in the same order.
 * Thread-safe.
 */
public final class SearchService {
  private final SnapshotSwitch snapshots;
  private final SearchLimits limits;
  private final Time time;

  /** Searches what is live at the moment of each request. */
  public SearchService(SnapshotSwitch snapshots, SearchLimits limits, Time time) {
    this.snapshots = snapshots;
    this.limits = limits;
    this.time = time;
  }

  /** Runs one search on the calling thread, which must not be interrupted while it runs. */
  public SearchResult search(SearchRequest request) throws SearchException {
    Duration timeout = checked(request);
    long start = time.nanoTime();
    Deadline deadline = Deadline.after(time, timeout);
    try (Lease lease = lease();
        CitySelection cities = CitySelection.of(lease.snapshot(), request.cities())) {
      return search(request, lease.snapshot(), cities, deadline, start);
    } catch (IndexSearcher.TooManyClauses e) {
      throw QueryText.tooManyClauses(request.query());
    } catch (IOException e) {
      throw new SearchException.Failed("the search failed: " + e.getMessage(), e);
    }
  }

  /**
   * Documents of one city in the order of their keys, which stays the same across snapshots, so
   * that all of them can be walked while generations change.
   *
   * @param after the id to begin behind; null for the beginning
   * @param size how many
   */
  public DocumentPage documents(String city, @Nullable String after, int size)
      throws SearchException {
    checkSize(size);
    try (Lease lease = lease();
        CitySelection cities = CitySelection.of(lease.snapshot(), List.of(city))) {
      return DocumentWalk.page(lease.snapshot(), new City(city), cities.reader(), after, size);
    } catch (IOException e) {
      throw new SearchException.Failed("reading documents failed: " + e.getMessage(), e);
    }
  }

  private Lease lease() throws SearchException.NotReady {
    Optional<Lease> lease = snapshots.acquire();
    if (lease.isEmpty()) {
      throw new SearchException.NotReady();
    }
    return lease.get();
  }

  private SearchResult search(
      SearchRequest request,
      LiveSnapshot snapshot,
      CitySelection cities,
      Deadline deadline,
      long start)
      throws SearchException, IOException {
    IndexSchema schema = snapshot.fields().schema();
    FieldQueries fields = new FieldQueries(schema, snapshot.analyzer());
    Query words = new QueryText(schema, snapshot.analyzer(), fields).parse(request.query());
    Query query = restricted(words, request, fields);
    Sort sort = new SortOrder(schema, fields).of(request);

    IndexSearcher searcher = new IndexSearcher(cities.reader());
    searcher.setTimeout(deadline::isPast);
    TopDocs found = top(searcher, query, sort, request.from() + request.size());
    boolean isPartial = searcher.timedOut();

    ScoreDoc[] docs = page(found.scoreDocs, request);
    int[] ids = Arrays.stream(docs).mapToInt(doc -> doc.doc).toArray();
    HitReader reader = new HitReader(snapshot, searcher);
    List<Map<String, String>> highlights = reader.highlights(request.highlight(), words, ids);
    List<Hit> hits = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      Float score = sort == null ? docs[i].score : null;
      hits.add(reader.read(cities.cityOf(ids[i]), ids[i], score, highlights.get(i)));
    }
    boolean isExact = found.totalHits.relation() == TotalHits.Relation.EQUAL_TO && !isPartial;
    return new SearchResult(
        snapshot.generation(),
        time.since(start),
        new Total(found.totalHits.value(), isExact),
        hits,
        isPartial);
  }

  private static Query restricted(Query words, SearchRequest request, FieldQueries fields)
      throws BadRequest {
    Near near = request.near();
    if (request.filters().isEmpty() && near == null) {
      return words;
    }
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    all.add(words, BooleanClause.Occur.MUST);
    for (Filter filter : request.filters()) {
      all.add(fields.filter(filter), BooleanClause.Occur.FILTER);
    }
    if (near != null) {
      all.add(fields.near(near), BooleanClause.Occur.FILTER);
    }
    return all.build();
  }

  private TopDocs top(IndexSearcher searcher, Query query, @Nullable Sort sort, int wanted)
      throws IOException {
    // The queue is allocated at once: never larger than there are documents.
    int size = Math.clamp(wanted, 1, Math.max(1, searcher.getIndexReader().maxDoc()));
    return sort == null
        ? searcher.search(query, new TopScoreDocCollectorManager(size, null, limits.countedHits()))
        : searcher.search(
            query, new TopFieldCollectorManager(sort, size, null, limits.countedHits()));
  }

  private static ScoreDoc[] page(ScoreDoc[] docs, SearchRequest request) {
    int from = Math.min(request.from(), docs.length);
    return Arrays.copyOfRange(docs, from, Math.min(from + request.size(), docs.length));
  }

  private Duration checked(SearchRequest request) throws BadRequest {
    if (request.query().length() > limits.maxQueryLength()) {
      throw new BadRequest(
          "q", request.query(), "at most %d characters".formatted(limits.maxQueryLength()));
    }
    if (request.filters().size() > limits.maxFilters()) {
      throw new BadRequest(
          "filter",
          request.filters().size() + " filters",
          "at most %d".formatted(limits.maxFilters()));
    }
    checkSize(request.size());
    if ((long) request.from() + request.size() > limits.maxDepth()) {
      throw new BadRequest(
          "from",
          Integer.toString(request.from()),
          "from + size of at most %d; /documents walks all of a city".formatted(limits.maxDepth()));
    }
    Duration timeout = request.timeout();
    if (timeout == null) {
      return limits.defaultTimeout();
    }
    if (!timeout.isPositive() || timeout.compareTo(limits.maxTimeout()) > 0) {
      throw new BadRequest(
          "timeout",
          timeout.toMillis() + "ms",
          "more than nothing and at most %dms".formatted(limits.maxTimeout().toMillis()));
    }
    return timeout;
  }

  private void checkSize(int size) throws BadRequest {
    if (size < 0 || size > limits.maxSize()) {
      throw new BadRequest("size", Integer.toString(size), "0 to %d".formatted(limits.maxSize()));
    }
  }
}
