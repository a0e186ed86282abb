package freshet.replicator.search;

import freshet.replicator.schema.DocumentFields;
import freshet.replicator.search.SearchException.BadRequest;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.queryparser.classic.MultiFieldQueryParser;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.jspecify.annotations.Nullable;

/**
 * The classic query syntax over a schema: words without a field look into the default fields, all
 * of them are wanted, fields mean what their types say. Wildcards in front and regular expressions
 * are refused, since they read the whole dictionary. For one query, on one thread.
 */
final class QueryText {
  private static final int MAX_NESTING = 30;

  private final IndexSchema schema;
  private final Parser parser;

  QueryText(IndexSchema schema, Analyzer analyzer, FieldQueries fields) {
    this.schema = schema;
    this.parser = new Parser(schema, analyzer, fields);
    parser.setDefaultOperator(QueryParser.Operator.AND);
    parser.setAllowLeadingWildcard(false);
  }

  /** The query; all documents for an empty text. */
  Query parse(String text) throws BadRequest {
    String query = text.strip();
    if (query.isEmpty() || query.equals("*") || query.equals("*:*")) {
      return MatchAllDocsQuery.INSTANCE;
    }
    checkNesting(query);
    try {
      return parser.parse(query);
    } catch (ParseException | IllegalArgumentException e) {
      for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
        if (cause instanceof BadRequest fault) {
          throw fault;
        }
      }
      throw new BadRequest("q", query, "a query: " + firstLine(e));
    } catch (IndexSearcher.TooManyClauses e) {
      throw tooManyClauses(query);
    }
  }

  static BadRequest tooManyClauses(String query) {
    return new BadRequest(
        "q",
        query,
        "at most %d words and fields in all".formatted(IndexSearcher.getMaxClauseCount()));
  }

  private static void checkNesting(String query) throws BadRequest {
    int depth = 0;
    for (int i = 0; i < query.length(); i++) {
      depth += query.charAt(i) == '(' ? 1 : query.charAt(i) == ')' ? -1 : 0;
      if (depth > MAX_NESTING) {
        throw new BadRequest("q", query, "at most " + MAX_NESTING + " parentheses in each other");
      }
    }
  }

  private static String firstLine(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message.lines().findFirst().orElse("");
  }

  /** The parser proper. Its field is null for words that name none. */
  private final class Parser extends MultiFieldQueryParser {
    private final FieldQueries fieldQueries;

    Parser(IndexSchema schema, Analyzer analyzer, FieldQueries fieldQueries) {
      super(schema.defaultFields().toArray(String[]::new), analyzer);
      this.fieldQueries = fieldQueries;
    }

    /** Every form of a query without a field ends here. */
    @Override
    protected Query getMultiFieldQuery(List<Query> queries) throws ParseException {
      if (schema.defaultFields().isEmpty()) {
        throw new ParseException("this schema has no default fields: name one, as in field:word");
      }
      return super.getMultiFieldQuery(queries);
    }

    @Override
    protected Query getFieldQuery(@Nullable String name, String text, boolean quoted)
        throws ParseException {
      return name == null || isWords(name)
          ? super.getFieldQuery(name, text, quoted)
          : equalTo(name, text);
    }

    @Override
    protected Query getFieldQuery(@Nullable String name, String text, int slop)
        throws ParseException {
      return name == null || isWords(name)
          ? super.getFieldQuery(name, text, slop)
          : equalTo(name, text);
    }

    @Override
    protected Query getRangeQuery(
        @Nullable String name,
        @Nullable String lower,
        @Nullable String upper,
        boolean includesLower,
        boolean includesUpper)
        throws ParseException {
      if (name == null) {
        throw new ParseException("a range names its field, such as price:[500 TO 900]");
      }
      try {
        return fieldQueries.range(
            new Filter.Range(name, lower, upper, includesLower, includesUpper));
      } catch (BadRequest e) {
        throw fault(e);
      }
    }

    @Override
    protected Query getPrefixQuery(@Nullable String name, String text) throws ParseException {
      checkTerms(name, text + "*");
      return super.getPrefixQuery(name, text);
    }

    @Override
    protected Query getWildcardQuery(@Nullable String name, String text) throws ParseException {
      if (!"*".equals(name) || !"*".equals(text)) {
        checkTerms(name, text);
      }
      return super.getWildcardQuery(name, text);
    }

    @Override
    protected Query getFuzzyQuery(@Nullable String name, String text, float similarity)
        throws ParseException {
      checkTerms(name, text + "~");
      return super.getFuzzyQuery(name, text, similarity);
    }

    @Override
    protected Query getRegexpQuery(@Nullable String name, String text) throws ParseException {
      throw new ParseException("regular expressions are not supported");
    }

    private boolean isWords(String name) throws ParseException {
      return !name.equals(DocumentFields.ID) && declared(name).type() == FieldType.TEXT;
    }

    /** Prefixes, wildcards and fuzzy words exist for what is indexed as terms of text. */
    private void checkTerms(@Nullable String name, String text) throws ParseException {
      if (name == null || isWords(name)) {
        return;
      }
      if (name.equals(DocumentFields.ID) || declared(name).type() != FieldType.KEYWORD) {
        throw fault(new BadRequest("field " + name, text, "a value without wildcards"));
      }
    }

    private FieldSpec declared(String name) throws ParseException {
      try {
        return fieldQueries.field(name);
      } catch (BadRequest e) {
        throw fault(e);
      }
    }

    private Query equalTo(String name, String text) throws ParseException {
      try {
        return fieldQueries.equalTo(name, text);
      } catch (BadRequest e) {
        throw fault(e);
      }
    }

    /** Carries our own fault through the parser, which knows only its own. */
    private static ParseException fault(BadRequest fault) {
      ParseException carrier = new ParseException(fault.getMessage());
      carrier.initCause(fault);
      return carrier;
    }
  }
}
