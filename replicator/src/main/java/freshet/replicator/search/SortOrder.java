package freshet.replicator.search;

import freshet.replicator.search.SearchException.BadRequest;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.IndexSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.LatLonDocValuesField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.SortedNumericSelector;
import org.apache.lucene.search.SortedSetSelector;
import org.jspecify.annotations.Nullable;

/** The order of hits, in Lucene's terms. Equal hits keep the order of cities and documents. */
final class SortOrder {
  private final IndexSchema schema;
  private final FieldQueries fields;

  SortOrder(IndexSchema schema, FieldQueries fields) {
    this.schema = schema;
    this.fields = fields;
  }

  /** Null for the best match first, which needs no sort. */
  @Nullable Sort of(SearchRequest request) throws BadRequest {
    List<SortKey> keys = request.sort();
    if (keys.isEmpty() || keys.equals(List.of(SortKey.BEST_FIRST))) {
      return null;
    }
    List<SortField> sort = new ArrayList<>();
    for (SortKey key : keys) {
      sort.add(criterion(key, request));
    }
    return new Sort(sort.toArray(SortField[]::new));
  }

  private SortField criterion(SortKey key, SearchRequest request) throws BadRequest {
    return switch (key.field()) {
      case SortKey.SCORE -> {
        if (!key.isDescending()) {
          throw new BadRequest("sort", "_score:asc", "_score, which has the best match first");
        }
        yield SortField.FIELD_SCORE;
      }
      case SortKey.DOC -> new SortField(null, SortField.Type.DOC, key.isDescending());
      case SortKey.DISTANCE -> distance(key, request.near());
      default -> byField(key);
    };
  }

  private SortField distance(SortKey key, @Nullable Near near) throws BadRequest {
    if (near == null || key.isDescending()) {
      throw new BadRequest(
          "sort", key.field(), "near=lat,lon,radius_km beside it, and the nearest first");
    }
    return LatLonDocValuesField.newDistanceSort(
        fields.pointField(near), near.center().latitude(), near.center().longitude());
  }

  private SortField byField(SortKey key) throws BadRequest {
    FieldSpec field = fields.field(key.field());
    if (!field.sortable()) {
      List<String> sortable =
          schema.fields().stream().filter(FieldSpec::sortable).map(FieldSpec::name).toList();
      throw new BadRequest(
          "sort",
          field.name(),
          "a sortable field: " + String.join(", ", sortable) + ", _score, _doc or _distance");
    }
    boolean isDescending = key.isDescending();
    return switch (field.type()) {
      case LONG, DATE ->
          LongField.newSortField(
              field.name(),
              isDescending,
              SortedNumericSelector.Type.MIN,
              isDescending ? Long.MIN_VALUE : Long.MAX_VALUE);
      case DOUBLE ->
          DoubleField.newSortField(
              field.name(),
              isDescending,
              SortedNumericSelector.Type.MIN,
              isDescending ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
      case KEYWORD, BOOLEAN, DECIMAL ->
          KeywordField.newSortField(
              field.name(),
              isDescending,
              SortedSetSelector.Type.MIN,
              isDescending ? SortField.STRING_FIRST : SortField.STRING_LAST);
      case TEXT, GEO_POINT -> throw new IllegalStateException(field + " can't be sortable");
    };
  }
}
