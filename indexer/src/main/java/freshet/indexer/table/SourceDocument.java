package freshet.indexer.table;

import freshet.replicator.schema.ContentDigest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row, as a document of the index.
 *
 * @param key its primary key
 * @param version its version column, in microseconds since 1970 UTC
 * @param city the city that it belongs to
 * @param values of the schema's fields, in their order, of the types that {@link
 *     freshet.replicator.schema.DocumentFields} names
 * @param digest of the values
 */
public record SourceDocument(
    DocumentKey key, long version, City city, List<@Nullable Object> values, long digest) {

  private static final int BYTES_OF_A_DOCUMENT = 64;
  private static final int BYTES_OF_A_VALUE = 16;

  /** Copies the list. */
  public SourceDocument {
    values = Collections.unmodifiableList(new ArrayList<>(values));
  }

  /** A document whose digest is computed here. */
  public static SourceDocument of(
      DocumentKey key, long version, City city, List<@Nullable Object> values) {
    return new SourceDocument(key, version, city, values, ContentDigest.of(values));
  }

  /** About how many bytes it is: that of its texts in Latin letters, and a little for the rest. */
  public long estimatedBytes() {
    long bytes = BYTES_OF_A_DOCUMENT + (long) BYTES_OF_A_VALUE * values.size();
    for (Object value : values) {
      if (value instanceof String text) {
        bytes += text.length();
      }
    }
    return bytes;
  }
}
