package freshet.indexer.demo.compare;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A document as one side has it.
 *
 * @param id the primary key
 * @param city that it is in
 * @param version in microseconds since 1970 UTC
 * @param fields every stored field with a value, in a form that is the same for equal values
 */
record ComparedDocument(long id, String city, long version, SortedMap<String, String> fields) {

  ComparedDocument {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }
}
