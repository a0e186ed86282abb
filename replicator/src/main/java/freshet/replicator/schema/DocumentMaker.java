package freshet.replicator.schema;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.IndexSchema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KeywordField;
import org.apache.lucene.document.LatLonDocValuesField;
import org.apache.lucene.document.LatLonPoint;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/**
 * Makes the Lucene documents of a schema, one after the other out of the same objects. Not
 * thread-safe.
 */
public final class DocumentMaker {
  private final IndexSchema schema;
  private final Document document = new Document();
  private final Field id = new StringField(DocumentFields.ID, new BytesRef(), Field.Store.YES);
  private final Field version = new NumericDocValuesField(DocumentFields.VERSION, 0);
  private final Field digest = new NumericDocValuesField(DocumentFields.DIGEST, 0);
  private final List<List<Holder>> holders = new ArrayList<>();

  /** For documents of this schema. */
  public DocumentMaker(IndexSchema schema) {
    this.schema = schema;
    for (int i = 0; i < schema.fields().size(); i++) {
      holders.add(new ArrayList<>());
    }
  }

  /**
   * Lucene's fields that hold one value.
   *
   * @param setter puts it there
   */
  private record Holder(List<Field> fields, Consumer<Object> setter) {
    Holder(Field field, Consumer<Object> setter) {
      this(List.of(field), setter);
    }
  }

  /** The Lucene document of these values. It is good until the next one is asked for. */
  public Document of(DocumentKey key, long ownVersion, long ownDigest, List<?> values) {
    document.clear();
    id.setBytesValue(new BytesRef(key.bytes()));
    document.add(id);
    version.setLongValue(ownVersion);
    document.add(version);
    digest.setLongValue(ownDigest);
    document.add(digest);
    for (int i = 0; i < holders.size(); i++) {
      add(i, values.get(i));
    }
    return document;
  }

  private void add(int field, @Nullable Object value) {
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        add(field, i, list.get(i));
      }
    } else if (value != null) {
      add(field, 0, value);
    }
  }

  private void add(int field, int at, Object value) {
    List<Holder> own = holders.get(field);
    if (own.size() == at) {
      own.add(holder(schema.fields().get(field)));
    }
    Holder holder = own.get(at);
    holder.setter.accept(value);
    for (Field one : holder.fields) {
      document.add(one);
    }
  }

  private static Holder holder(FieldSpec spec) {
    String name = spec.name();
    Field.Store store = spec.stored() ? Field.Store.YES : Field.Store.NO;
    return switch (spec.type()) {
      case TEXT -> {
        Field text = new TextField(name, "", store);
        yield new Holder(text, value -> text.setStringValue((String) value));
      }
      case KEYWORD, BOOLEAN -> {
        Field keyword =
            spec.sortable() ? new KeywordField(name, "", store) : new StringField(name, "", store);
        yield new Holder(keyword, value -> keyword.setStringValue(value.toString()));
      }
      case LONG -> {
        Field number = new LongField(name, 0, store);
        yield new Holder(number, value -> number.setLongValue((Long) value));
      }
      case DATE -> {
        Field date = new LongField(name, 0, store);
        yield new Holder(date, value -> date.setLongValue(((Instant) value).toEpochMilli()));
      }
      case DOUBLE -> {
        Field number = new DoubleField(name, 0, store);
        yield new Holder(number, value -> number.setDoubleValue((Double) value));
      }
      case DECIMAL -> decimal(spec);
      case GEO_POINT -> point(name, spec.stored());
    };
  }

  private static Holder decimal(FieldSpec spec) {
    String name = spec.name();
    Field term =
        spec.sortable()
            ? new KeywordField(name, new BytesRef(), Field.Store.NO)
            : new StringField(name, new BytesRef(), Field.Store.NO);
    // Terms have no zeros at their end; what is returned is as it was read.
    Field exact = new StoredField(name, "");
    return new Holder(
        spec.stored() ? List.of(term, exact) : List.of(term),
        value -> {
          BigDecimal number = (BigDecimal) value;
          term.setBytesValue(new BytesRef(Decimals.term(number)));
          exact.setStringValue(number.toPlainString());
        });
  }

  private static Holder point(String name, boolean isStored) {
    LatLonPoint point = new LatLonPoint(name, 0, 0);
    LatLonDocValuesField sorted = new LatLonDocValuesField(name, 0, 0);
    // The point itself is kept to about a centimetre only; what is returned is exact.
    Field exact = new StoredField(name, "");
    return new Holder(
        isStored ? List.of(point, sorted, exact) : List.of(point, sorted),
        value -> {
          GeoPoint at = (GeoPoint) value;
          point.setLocationValue(at.latitude(), at.longitude());
          sorted.setLocationValue(at.latitude(), at.longitude());
          exact.setStringValue(at.toString());
        });
  }
}
