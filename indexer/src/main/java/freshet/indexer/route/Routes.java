package freshet.indexer.route;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.SortedSet;

/** Where documents are. */
public interface Routes {

  /**
   * The cities whose working index holds each document: one, or two while a removal is still to be
   * repeated. A key that is in none is absent.
   */
  Map<DocumentKey, SortedSet<City>> citiesOf(Collection<DocumentKey> keys) throws IOException;
}
