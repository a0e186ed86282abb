package freshet.replicator.search;

import freshet.replicator.search.SearchResult.Hit;
import freshet.replicator.snapshot.Generation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some documents of a city, in the order of their keys.
 *
 * @param generation the snapshot that they are of
 * @param documents the page
 * @param next the id to go on behind; null if this was the last page
 */
public record DocumentPage(Generation generation, List<Hit> documents, @Nullable String next) {
  /** Copies the list. */
  public DocumentPage {
    documents = List.copyOf(documents);
  }
}
