package freshet.indexer.demo.data;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words that each go into one listing only, so that a search tells whether that edit has arrived.
 * The newest are remembered. Thread-safe.
 */
public final class UniqueWords {
  // No English stemmer touches a word that ends in q, so different words stay different terms.
  private static final Pattern FORM = Pattern.compile("\\bzq[0-9a-z]+q\\b");
  private static final int REMEMBERED = 4000;

  private final Deque<String> newest = new ArrayDeque<>();
  private long count;

  /** Makes words from the first on. */
  UniqueWords() {}

  /** A word that was not given before. */
  synchronized String next() {
    String word = "zq" + Long.toString(count++, 36) + "q";
    newest.addLast(word);
    if (newest.size() > REMEMBERED) {
      newest.removeFirst();
    }
    return word;
  }

  /** The newest words that were given. */
  public synchronized Set<String> remembered() {
    return new LinkedHashSet<>(newest);
  }

  /** All such words in a text. */
  public static Set<String> in(String text) {
    Set<String> words = new LinkedHashSet<>();
    Matcher matcher = FORM.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  /** The text with this word at its end, instead of any such word that is in it. */
  static String put(String word, String text) {
    return FORM.matcher(text).replaceAll("").strip() + " " + word;
  }
}
