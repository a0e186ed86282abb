package freshet.indexer.preview;

import freshet.indexer.quarantine.SetAside;
import freshet.indexer.table.Row;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.search.SearchJson;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.IndexSchema;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.jspecify.annotations.Nullable;

/** Shows rows as the documents that they would be. Used by one thread. */
public final class Previewer implements AutoCloseable {
  private final IndexSchema schema;
  private final NotedRows noted;
  private final Analyzer analyzer;

  /**
   * For rows of a schema.
   *
   * @param noted where the reader of the rows sets them aside
   */
  public Previewer(IndexSchema schema, NotedRows noted) {
    this.schema = schema;
    this.noted = noted;
    this.analyzer = new DocumentFields(schema).analyzer();
  }

  /** What would become of a row. */
  public RowPreview of(Row row) throws IOException {
    String id = schema.keyCodec().show(row.key());
    return switch (row) {
      case Row.Found(SourceDocument document, long bytes) -> document(id, document);
      case Row.NotSearchable hidden ->
          new RowPreview.NotIndexed(
              id, "searchable_if is not true for it, or its city is not listed");
      case Row.Unfit unfit -> {
        SetAside why = Objects.requireNonNull(noted.of(unfit.key()), "a reason");
        yield new RowPreview.SetAside(id, why.reason(), why.fix());
      }
      case Row.Gone gone -> new RowPreview.Missing(id);
    };
  }

  private RowPreview document(String id, SourceDocument document) throws IOException {
    List<RowPreview.Field> fields = new ArrayList<>();
    for (int i = 0; i < schema.fields().size(); i++) {
      fields.add(field(schema.fields().get(i), document.values().get(i)));
    }
    return new RowPreview.Document(
        id,
        document.city().name(),
        Instant.EPOCH.plus(document.version(), ChronoUnit.MICROS),
        fields);
  }

  private RowPreview.Field field(FieldSpec field, @Nullable Object value) throws IOException {
    List<String> indexed = new ArrayList<>();
    List<Object> stored = new ArrayList<>();
    for (Object one :
        value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
      indexed.addAll(indexed(field, one));
      stored.add(SearchJson.value(kept(one)));
    }
    boolean isReturned = field.stored() && !stored.isEmpty();
    return new RowPreview.Field(
        field.name(),
        type(field),
        indexed,
        !isReturned ? null : field.multiValued() ? stored : stored.getFirst());
  }

  /** A date is kept to the millisecond. */
  private static Object kept(Object value) {
    return value instanceof Instant instant ? Instant.ofEpochMilli(instant.toEpochMilli()) : value;
  }

  private List<String> indexed(FieldSpec field, Object value) throws IOException {
    return switch (value) {
      case String text when field.analyzer() != null -> tokens(field.name(), text);
      case Instant instant -> List.of(Long.toString(instant.toEpochMilli()));
      case BigDecimal number -> List.of(number.stripTrailingZeros().toPlainString());
      case GeoPoint point -> List.of(point.toString());
      default -> List.of(value.toString());
    };
  }

  private List<String> tokens(String field, String text) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (TokenStream stream = analyzer.tokenStream(field, text)) {
      CharTermAttribute token = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        tokens.add(token.toString());
      }
      stream.end();
    }
    return tokens;
  }

  private static String type(FieldSpec field) {
    StringBuilder type = new StringBuilder(field.type().name().toLowerCase(Locale.ROOT));
    if (field.analyzer() != null) {
      type.append(" by ").append(field.analyzer());
    }
    if (field.multiValued()) {
      type.append(", several values");
    }
    if (field.sortable()) {
      type.append(", sortable");
    }
    return type.append(field.stored() ? ", stored" : ", not stored").toString();
  }

  @Override
  public void close() {
    analyzer.close();
  }
}
