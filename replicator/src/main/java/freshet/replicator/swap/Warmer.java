package freshet.replicator.swap;

import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.FieldSpec;
import java.io.IOException;
import java.util.List;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.PointValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.SortedSetDocValues;
import org.apache.lucene.index.Terms;
import org.apache.lucene.util.Bits;

/**
 * Touches what the first query of a segment would otherwise wait for: the term dictionaries, point
 * trees, doc values and stored fields that Lucene loads when they are first asked for.
 */
final class Warmer {
  private final DocumentFields fields;

  Warmer(DocumentFields fields) {
    this.fields = fields;
  }

  /** Warms the segments that are not among the old ones, which were warmed before. */
  void warm(List<LeafReaderContext> leaves, List<LeafReaderContext> old) throws IOException {
    for (LeafReaderContext leaf : leaves) {
      Object core = leaf.reader().getCoreCacheHelper().getKey();
      boolean isNew =
          old.stream().noneMatch(o -> o.reader().getCoreCacheHelper().getKey().equals(core));
      if (isNew) {
        warm(leaf.reader());
      }
    }
  }

  private void warm(LeafReader reader) throws IOException {
    touchTerms(reader, DocumentFields.ID);
    reader.getNumericDocValues(DocumentFields.VERSION);
    for (FieldSpec field : fields.schema().fields()) {
      switch (field.type()) {
        case TEXT -> touchTerms(reader, field.name());
        case KEYWORD, BOOLEAN, DECIMAL -> {
          touchTerms(reader, field.name());
          touchOrdinals(reader, field);
        }
        case LONG, DOUBLE, DATE, GEO_POINT -> {
          touchPoints(reader, field.name());
          reader.getSortedNumericDocValues(field.name());
        }
      }
    }
    touchFirstDocument(reader);
  }

  private static void touchTerms(LeafReader reader, String field) throws IOException {
    Terms terms = reader.terms(field);
    if (terms != null) {
      terms.iterator().next();
      terms.getMax();
    }
  }

  private static void touchPoints(LeafReader reader, String field) throws IOException {
    PointValues points = reader.getPointValues(field);
    if (points != null) {
      points.getMinPackedValue();
      points.getMaxPackedValue();
    }
  }

  private static void touchOrdinals(LeafReader reader, FieldSpec field) throws IOException {
    if (!field.sortable()) {
      return;
    }
    SortedSetDocValues set = reader.getSortedSetDocValues(field.name());
    SortedDocValues single = set == null ? reader.getSortedDocValues(field.name()) : null;
    if (set != null && set.getValueCount() > 0) {
      set.lookupOrd(0);
    } else if (single != null && single.getValueCount() > 0) {
      single.lookupOrd(0);
    }
  }

  private void touchFirstDocument(LeafReader reader) throws IOException {
    Bits live = reader.getLiveDocs();
    for (int doc = 0; doc < reader.maxDoc(); doc++) {
      if (live == null || live.get(doc)) {
        fields.stored(reader.storedFields(), doc);
        return;
      }
    }
  }
}
