package freshet.replicator.schema;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.SimpleAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;

/** The analyzers that a schema can name; each also with {@code _html} behind its name. */
public final class Analyzers {
  private static final String HTML = "_html";

  private static final Map<String, Supplier<Analyzer>> BY_NAME =
      new TreeMap<>(
          Map.of(
              "standard", StandardAnalyzer::new,
              "simple", SimpleAnalyzer::new,
              "whitespace", WhitespaceAnalyzer::new,
              "english", EnglishAnalyzer::new,
              "german", GermanAnalyzer::new,
              "french", FrenchAnalyzer::new,
              "spanish", SpanishAnalyzer::new,
              "italian", ItalianAnalyzer::new,
              "dutch", DutchAnalyzer::new,
              "portuguese", PortugueseAnalyzer::new));

  private Analyzers() {}

  /** All names, ordered, without those for HTML. */
  public static SortedSet<String> names() {
    return new TreeSet<>(BY_NAME.keySet());
  }

  /** The name of the analyzer that takes the words of HTML as this one takes those of a text. */
  public static String ofHtml(String name) {
    return name + HTML;
  }

  /** Whether it is one that takes the words of HTML. */
  public static boolean isOfHtml(String name) {
    return name.endsWith(HTML);
  }

  /** The name of the analyzer that takes the words of a text as this one takes those of HTML. */
  public static String withoutHtml(String name) {
    return isOfHtml(name) ? name.substring(0, name.length() - HTML.length()) : name;
  }

  /**
   * A new analyzer of that name.
   *
   * @throws IllegalArgumentException for a name that is not in {@link #names()}, for HTML or not
   */
  public static Analyzer named(String name) {
    if (isOfHtml(name)) {
      return new HtmlAnalyzer(named(withoutHtml(name)));
    }
    Supplier<Analyzer> maker = BY_NAME.get(name);
    if (maker == null) {
      throw new IllegalArgumentException(
          "no analyzer has the name '" + name + "'; known are " + names());
    }
    return maker.get();
  }
}
