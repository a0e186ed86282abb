package freshet.indexer.demo.compare;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.demo.client.JsonClient;
import freshet.indexer.demo.compare.Difference.Kind;
import freshet.indexer.demo.data.DemoDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares slaves with the database, which must be quiet. Used by one thread. */
public final class Comparison {
  private static final int MOST_HITS = 10;

  private final DemoDatabase database;
  private final Set<String> words;
  private final Differences differences = new Differences();

  /**
   * A comparison.
   *
   * @param words that were each put into one listing, some of which may have gone again
   */
  public Comparison(DemoDatabase database, Set<String> words) {
    this.database = database;
    this.words = Set.copyOf(words);
  }

  /**
   * Compares one slave: every document with every stored field, then a search for every word.
   *
   * @return how many documents the database has
   * @throws IOException if the slave does not answer
   */
  public long compare(JsonClient slave) throws IOException, SQLException {
    Map<String, Set<Long>> idsByWord = new HashMap<>();
    words.forEach(word -> idsByWord.put(word, Set.of()));
    long documents;
    try (Connection source = database.writer();
        DocumentStream table = new TableDocuments(source, idsByWord);
        DocumentStream served = new SlaveDocuments(slave)) {
      documents = new DocumentMerge(slave.name(), differences).run(table, served);
    }
    for (Map.Entry<String, Set<Long>> word : new TreeMap<>(idsByWord).entrySet()) {
      compareWord(slave, word.getKey(), word.getValue());
    }
    return documents;
  }

  private void compareWord(JsonClient slave, String word, Set<Long> expected) throws IOException {
    JsonNode found = slave.get("/search", Map.of("q", word, "size", Integer.toString(MOST_HITS)));
    Set<Long> served = new TreeSet<>();
    found.path("hits").forEach(hit -> served.add(Long.parseLong(hit.path("id").asText())));
    for (long id : expected) {
      if (!served.contains(id)) {
        differences.add(new Difference(slave.name(), id, Kind.WORD, word, "has it", null));
      }
    }
    for (long id : served) {
      if (!expected.contains(id)) {
        differences.add(new Difference(slave.name(), id, Kind.WORD, word, null, "found by it"));
      }
    }
  }

  /** What was found so far. */
  public Differences differences() {
    return differences;
  }
}
