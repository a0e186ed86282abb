package freshet.indexer.benchmark.build;

import freshet.replicator.schema.ContentDigest;
import freshet.replicator.schema.GeoPoint;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.jspecify.annotations.Nullable;

/**
 * What one city holds, by the table.
 *
 * <p>The digest is the sum of a hash of id, version and values over all documents, so that their
 * order does not matter.
 */
final class Content {
  private static final int TERM_QUERIES = 1_000;

  private final Map<String, Integer> documentsByTerm = new HashMap<>();
  private long documents;
  private long digest;

  private Content() {}

  /** Reads the table by JDBC alone. */
  static SortedMap<String, Content> of(CorpusTable table) throws SQLException {
    SortedMap<String, Content> cities = new TreeMap<>();
    int terms = Math.ceilDiv(TERM_QUERIES, table.cities().size());
    try (Connection connection = table.connect();
        Statement statement = connection.createStatement();
        Analyzer analyzer = new StandardAnalyzer()) {
      statement.setFetchSize(Integer.MIN_VALUE);
      try (ResultSet row = statement.executeQuery(CorpusTable.ALL)) {
        while (row.next()) {
          Content city = cities.get(row.getString(2));
          Set<String> words = words(analyzer, String.valueOf(row.getString(5)));
          if (city == null) {
            city = new Content();
            cities.put(row.getString(2), city);
            // Words of some document of it: rare ones and frequent ones, as they come.
            for (String word : words.stream().limit(terms).toList()) {
              city.documentsByTerm.put(word, 0);
            }
          }
          city.add(row.getLong(1), row.getLong(3), values(row), words);
        }
      }
    }
    return cities;
  }

  /** A part of the digest. */
  static long hash(long id, long version, long contentDigest) {
    long mixed = id * 0x9E3779B97F4A7C15L ^ version * 0xC2B2AE3D27D4EB4FL ^ contentDigest;
    mixed ^= mixed >>> 31;
    return mixed * 0xD6E8FEB86659FD93L;
  }

  long documents() {
    return documents;
  }

  long digest() {
    return digest;
  }

  /** Words, and how many documents have each in their body. */
  Map<String, Integer> documentsByTerm() {
    return documentsByTerm;
  }

  private void add(long id, long version, List<@Nullable Object> values, Set<String> words) {
    documents++;
    digest += hash(id, version, ContentDigest.of(values));
    documentsByTerm.replaceAll((word, count) -> words.contains(word) ? count + 1 : count);
  }

  private static List<@Nullable Object> values(ResultSet row) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(row.getString(4));
    values.add(row.getString(5));
    values.add(row.getString(6));
    values.add(row.getObject(7, Long.class));
    values.add(row.getObject(8, Long.class));
    values.add(row.getObject(9, Double.class));
    Long posted = row.getObject(10, Long.class);
    values.add(posted == null ? null : Instant.ofEpochSecond(posted));
    Double latitude = row.getObject(11, Double.class);
    Double longitude = row.getObject(12, Double.class);
    values.add(latitude == null || longitude == null ? null : new GeoPoint(latitude, longitude));
    return values;
  }

  private static Set<String> words(Analyzer analyzer, String text) {
    Set<String> words = new TreeSet<>();
    try (TokenStream tokens = analyzer.tokenStream("body", new StringReader(text))) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        words.add(term.toString());
      }
      tokens.end();
      return words;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
