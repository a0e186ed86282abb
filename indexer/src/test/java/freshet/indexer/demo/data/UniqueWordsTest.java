package freshet.indexer.demo.data;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.schema.Analyzers;
import java.util.HashSet;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.util.BytesRef;
import org.junit.jupiter.api.Test;

class UniqueWordsTest {

  @Test
  void stemmingKeepsWordsApart() {
    UniqueWords words = new UniqueWords();
    Set<BytesRef> terms = new HashSet<>();
    try (Analyzer english = Analyzers.named("english")) {
      for (int i = 0; i < 5000; i++) {
        terms.add(english.normalize("body", stem(english, words.next())));
      }
    }
    assertThat(terms).hasSize(5000);
    assertThat(words.remembered()).hasSize(4000);
  }

  @Test
  void newWordTakesThePlaceOfTheOldOne() {
    String first = UniqueWords.put("zq1q", "Sunny loft");
    assertThat(first).isEqualTo("Sunny loft zq1q");
    assertThat(UniqueWords.put("zq2q", first)).isEqualTo("Sunny loft zq2q");
    assertThat(UniqueWords.in("zq1q and zqq, zq2q.")).containsExactly("zq1q", "zq2q");
  }

  private static String stem(Analyzer analyzer, String word) {
    try (var tokens = analyzer.tokenStream("body", word)) {
      var term =
          tokens.addAttribute(org.apache.lucene.analysis.tokenattributes.CharTermAttribute.class);
      tokens.reset();
      assertThat(tokens.incrementToken()).isTrue();
      String stemmed = term.toString();
      assertThat(tokens.incrementToken()).isFalse();
      tokens.end();
      return stemmed;
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
