package freshet.replicator.search;

import freshet.replicator.schema.Decimals;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.search.SearchException.BadRequest;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.document.DoubleField;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.LatLonPoint;
import org.apache.lucene.document.LongField;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.MatchNoDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TermRangeQuery;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.QueryBuilder;

/** Conditions on single fields, by the types that the schema gives them. */
final class FieldQueries {
  private static final double METERS_PER_KM = 1_000;

  /** Names that a message has at most. */
  private static final int MOST_NAMES = 10;

  private final IndexSchema schema;
  private final Analyzer analyzer;

  FieldQueries(IndexSchema schema, Analyzer analyzer) {
    this.schema = schema;
    this.analyzer = analyzer;
  }

  /** The declared field of that name. */
  FieldSpec field(String name) throws BadRequest {
    return schema
        .field(name)
        .orElseThrow(
            () -> {
              List<String> names = schema.fields().stream().map(FieldSpec::name).toList();
              List<String> shown = Names.nearest(name, names, MOST_NAMES);
              int others = names.size() - shown.size();
              return new BadRequest(
                  "field",
                  name,
                  "one of "
                      + String.join(", ", shown)
                      + (others == 0 ? "" : ", or of %d others".formatted(others)));
            });
  }

  Query filter(Filter filter) throws BadRequest {
    return switch (filter) {
      case Filter.Equals equals -> equalTo(equals.field(), equals.value());
      case Filter.Range range -> range(range);
    };
  }

  Query equalTo(String name, String value) throws BadRequest {
    if (name.equals(DocumentFields.ID)) {
      return id(value);
    }
    FieldSpec field = field(name);
    return switch (field.type()) {
      case TEXT -> {
        Query words =
            new QueryBuilder(analyzer).createBooleanQuery(name, value, BooleanClause.Occur.MUST);
        yield words == null ? new MatchNoDocsQuery("no words in '" + value + "'") : words;
      }
      case KEYWORD -> new TermQuery(new Term(name, value));
      case BOOLEAN -> new TermQuery(new Term(name, truth(name, value)));
      case LONG, DATE -> {
        Span span = span(field, value);
        yield LongField.newRangeQuery(name, span.first, span.last);
      }
      case DOUBLE -> DoubleField.newExactQuery(name, number(name, value));
      case DECIMAL -> new TermQuery(new Term(name, decimal(name, value)));
      case GEO_POINT -> throw noPoint(field, value);
    };
  }

  Query range(Filter.Range range) throws BadRequest {
    FieldSpec field = field(range.field());
    return switch (field.type()) {
      case KEYWORD ->
          TermRangeQuery.newStringRange(
              field.name(),
              range.lower(),
              range.upper(),
              range.includesLower(),
              range.includesUpper());
      case LONG, DATE -> longRange(field, range);
      case DECIMAL -> {
        String from = range.lower();
        String to = range.upper();
        yield new TermRangeQuery(
            field.name(),
            from == null ? null : decimal(field.name(), from),
            to == null ? null : decimal(field.name(), to),
            range.includesLower(),
            range.includesUpper());
      }
      case DOUBLE -> doubleRange(field, range);
      case TEXT, BOOLEAN ->
          throw new BadRequest(
              "filter on " + field.name(),
              "a range",
              "field:value, since it is a " + word(field.type()) + " field");
      case GEO_POINT -> throw noPoint(field, "a range");
    };
  }

  Query near(Near near) throws BadRequest {
    String name = pointField(near);
    return LatLonPoint.newDistanceQuery(
        name, near.center().latitude(), near.center().longitude(), near.radiusKm() * METERS_PER_KM);
  }

  /** The field that a circle is about. */
  String pointField(Near near) throws BadRequest {
    String name = near.field();
    if (name == null) {
      return schema.fields().stream()
          .filter(field -> field.type() == FieldType.GEO_POINT)
          .map(FieldSpec::name)
          .findFirst()
          .orElseThrow(
              () ->
                  new BadRequest(
                      "near", near.center().toString(), "a schema with a geo_point field"));
    }
    FieldSpec field = field(name);
    if (field.type() != FieldType.GEO_POINT) {
      throw new BadRequest(
          "near", name, "a geo_point field; this is a " + word(field.type()) + " field");
    }
    return name;
  }

  private Query id(String shown) throws BadRequest {
    try {
      return new TermQuery(DocumentFields.idTerm(schema.keyCodec().parse(shown)));
    } catch (IllegalArgumentException e) {
      throw new BadRequest(DocumentFields.ID, shown, "a key of columns " + schema.key());
    }
  }

  private static Query longRange(FieldSpec field, Filter.Range range) throws BadRequest {
    long lower = Long.MIN_VALUE;
    long upper = Long.MAX_VALUE;
    String from = range.lower();
    String to = range.upper();
    boolean isEmpty = false;
    if (from != null) {
      Span span = span(field, from);
      lower = range.includesLower() ? span.first : span.last + 1;
      isEmpty = !range.includesLower() && span.last == Long.MAX_VALUE;
    }
    if (to != null) {
      Span span = span(field, to);
      upper = range.includesUpper() ? span.last : span.first - 1;
      isEmpty |= !range.includesUpper() && span.first == Long.MIN_VALUE;
    }
    return isEmpty || lower > upper
        ? new MatchNoDocsQuery("an empty range of " + field.name())
        : LongField.newRangeQuery(field.name(), lower, upper);
  }

  private static Query doubleRange(FieldSpec field, Filter.Range range) throws BadRequest {
    double lower = Double.NEGATIVE_INFINITY;
    double upper = Double.POSITIVE_INFINITY;
    String from = range.lower();
    String to = range.upper();
    if (from != null) {
      double value = number(field.name(), from);
      lower = range.includesLower() ? value : DoublePoint.nextUp(value);
    }
    if (to != null) {
      double value = number(field.name(), to);
      upper = range.includesUpper() ? value : DoublePoint.nextDown(value);
    }
    return lower > upper
        ? new MatchNoDocsQuery("an empty range of " + field.name())
        : DoubleField.newRangeQuery(field.name(), lower, upper);
  }

  /** What a written value stands for: itself, or every millisecond of a day. */
  private record Span(long first, long last) {}

  private static Span span(FieldSpec field, String value) throws BadRequest {
    try {
      if (field.type() == FieldType.LONG) {
        long number = Long.parseLong(value);
        return new Span(number, number);
      }
      if (value.indexOf('T') < 0) {
        LocalDate day = LocalDate.parse(value);
        return new Span(start(day), start(day.plusDays(1)) - 1);
      }
      long instant = OffsetDateTime.parse(value).toInstant().toEpochMilli();
      return new Span(instant, instant);
    } catch (NumberFormatException e) {
      throw new BadRequest("field " + field.name(), value, "a whole number");
    } catch (DateTimeException | ArithmeticException e) {
      throw new BadRequest(
          "field " + field.name(), value, "a UTC day 2026-03-01 or a time 2026-03-01T12:00:00Z");
    }
  }

  private static long start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
  }

  private static BytesRef decimal(String field, String value) throws BadRequest {
    try {
      return new BytesRef(Decimals.term(Decimals.parse(value)));
    } catch (IllegalArgumentException e) {
      throw new BadRequest("field " + field, value, "a decimal number");
    }
  }

  private static double number(String field, String value) throws BadRequest {
    try {
      double number = Double.parseDouble(value);
      if (!Double.isNaN(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with what is expected.
    }
    throw new BadRequest("field " + field, value, "a number");
  }

  private static String truth(String field, String value) throws BadRequest {
    if (value.equals("true") || value.equals("false")) {
      return value;
    }
    throw new BadRequest("field " + field, value, "true or false");
  }

  private static BadRequest noPoint(FieldSpec field, String value) {
    return new BadRequest(
        "field " + field.name(), value, "near=%s:lat,lon,radius_km".formatted(field.name()));
  }

  private static String word(FieldType type) {
    return type.name().toLowerCase(java.util.Locale.ROOT);
  }
}
