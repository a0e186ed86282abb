package freshet.replicator.schema;

import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;

/**
 * What documents of a schema are in Lucene, and what is stored of them; {@link DocumentMaker} makes
 * them. A document's values are a list in the order of the schema's fields, null where it has none:
 * String for text and keyword, Long, Double, BigDecimal, Boolean, Instant for a date, {@link
 * GeoPoint}; a List of those where the field is multi-valued.
 *
 * <p>Beside the schema's fields every document has {@link #ID} (the key's bytes, as a term and
 * stored), {@link #VERSION} and {@link #DIGEST} (doc values). Thread-safe.
 */
public final class DocumentFields {
  /** Field of the key. Names that begin with '_' are Freshet's own. */
  public static final String ID = "_id";

  /** Field of the version, in microseconds since 1970 UTC. */
  public static final String VERSION = "_version";

  /** Field of the {@link ContentDigest}. */
  public static final String DIGEST = "_digest";

  private final IndexSchema schema;

  /** For documents of this schema. */
  public DocumentFields(IndexSchema schema) {
    this.schema = schema;
  }

  /** The schema. */
  public IndexSchema schema() {
    return schema;
  }

  /** The term that names a document, and by which it is replaced and removed. */
  public static Term idTerm(DocumentKey key) {
    return new Term(ID, new BytesRef(key.bytes()));
  }

  /** A new analyzer for all fields; the caller closes it. */
  public Analyzer analyzer() {
    Map<String, Analyzer> byField = new HashMap<>();
    for (FieldSpec field : schema.fields()) {
      if (field.type() == FieldType.TEXT) {
        byField.put(field.name(), Analyzers.named(Objects.requireNonNull(field.analyzer())));
      }
    }
    return new PerFieldAnalyzerWrapper(new KeywordAnalyzer(), byField);
  }

  /**
   * What is stored of a document, by field name, in the order of the schema: values of the types
   * above, a list where the field is multi-valued. A field without a value is absent.
   */
  public Map<String, Object> stored(StoredFields fields, int doc) throws java.io.IOException {
    Document document = fields.document(doc);
    Map<String, Object> values = new LinkedHashMap<>();
    for (FieldSpec field : schema.fields()) {
      List<Object> items = new ArrayList<>();
      for (IndexableField stored : document.getFields(field.name())) {
        items.add(fromStored(field, stored));
      }
      if (field.multiValued() && !items.isEmpty()) {
        values.put(field.name(), items);
      } else if (!items.isEmpty()) {
        values.put(field.name(), items.getFirst());
      }
    }
    return values;
  }

  /** The key of a stored document. */
  public static DocumentKey storedKey(StoredFields fields, int doc) throws java.io.IOException {
    BytesRef bytes = fields.document(doc, java.util.Set.of(ID)).getBinaryValue(ID);
    if (bytes == null) {
      throw new java.io.IOException("document " + doc + " has no stored " + ID);
    }
    return new DocumentKey(BytesRef.deepCopyOf(bytes).bytes);
  }

  private static Object fromStored(FieldSpec field, IndexableField stored) {
    return switch (field.type()) {
      case TEXT -> text(stored);
      case KEYWORD -> text(stored);
      case BOOLEAN -> Boolean.valueOf(text(stored));
      case LONG -> number(stored).longValue();
      case DATE -> Instant.ofEpochMilli(number(stored).longValue());
      case DOUBLE -> number(stored).doubleValue();
      case DECIMAL -> Decimals.parse(text(stored));
      case GEO_POINT -> GeoPoint.parse(text(stored));
    };
  }

  private static String text(IndexableField stored) {
    String text = stored.stringValue();
    if (text != null) {
      return text;
    }
    BytesRef bytes = Objects.requireNonNull(stored.binaryValue(), "a stored value");
    return bytes.utf8ToString();
  }

  private static Number number(IndexableField stored) {
    return Objects.requireNonNull(stored.numericValue(), "a stored number");
  }
}
