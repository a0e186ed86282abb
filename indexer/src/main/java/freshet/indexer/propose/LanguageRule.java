package freshet.indexer.propose;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;

/**
 * Tells the language of texts by the words that say nothing: each language has its own, and every
 * tenth word or more is one of them. Pure.
 */
final class LanguageRule {
  /** The analyzer where no language stands out. */
  static final String UNKNOWN = "standard";

  private static final Pattern NO_LETTERS = Pattern.compile("\\P{L}+");
  private static final int FEWEST_WORDS = 30;
  private static final double LEAST_SHARE = 0.08;

  /** Kindred languages share such words; the right one has clearly more. */
  private static final double LEAD = 1.3;

  private static final Map<String, CharArraySet> STOP_WORDS =
      new TreeMap<>(
          Map.of(
              "english", EnglishAnalyzer.getDefaultStopSet(),
              "german", GermanAnalyzer.getDefaultStopSet(),
              "french", FrenchAnalyzer.getDefaultStopSet(),
              "spanish", SpanishAnalyzer.getDefaultStopSet(),
              "italian", ItalianAnalyzer.getDefaultStopSet(),
              "dutch", DutchAnalyzer.getDefaultStopSet(),
              "portuguese", PortugueseAnalyzer.getDefaultStopSet()));

  private LanguageRule() {}

  /** The analyzer for these texts. */
  static String analyzer(List<String> texts) {
    List<String> words =
        texts.stream()
            .flatMap(text -> NO_LETTERS.splitAsStream(text.toLowerCase(Locale.ROOT)))
            .filter(word -> !word.isEmpty())
            .toList();
    if (words.size() < FEWEST_WORDS) {
      return UNKNOWN;
    }
    String best = UNKNOWN;
    double bestShare = 0;
    double second = 0;
    for (Map.Entry<String, CharArraySet> language : STOP_WORDS.entrySet()) {
      double share =
          (double) words.stream().filter(language.getValue()::contains).count() / words.size();
      if (share > bestShare) {
        second = bestShare;
        bestShare = share;
        best = language.getKey();
      } else {
        second = Math.max(second, share);
      }
    }
    return bestShare >= LEAST_SHARE && bestShare >= LEAD * second ? best : UNKNOWN;
  }
}
