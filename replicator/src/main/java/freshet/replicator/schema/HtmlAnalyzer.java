package freshet.replicator.schema;

import java.io.Reader;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;
import org.apache.lucene.analysis.charfilter.HTMLStripCharFilter;

/**
 * Leaves tags, comments and scripts out and decodes entities, before another analyzer takes the
 * words. What is highlighted is found at its place in the HTML.
 */
final class HtmlAnalyzer extends AnalyzerWrapper {
  private final Analyzer words;

  HtmlAnalyzer(Analyzer words) {
    super(words.getReuseStrategy());
    this.words = words;
  }

  @Override
  protected Analyzer getWrappedAnalyzer(String field) {
    return words;
  }

  @Override
  protected Reader wrapReader(String field, Reader reader) {
    return new HTMLStripCharFilter(reader);
  }

  @Override
  public void close() {
    super.close();
    words.close();
  }
}
