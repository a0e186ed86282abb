package freshet.indexer.preview;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What would become of a row. */
public sealed interface RowPreview {

  /** Its key, as people type it. */
  String id();

  /**
   * A document.
   *
   * @param city whose index it goes to
   * @param version of its row
   * @param fields those of the schema, in its order
   */
  record Document(String id, String city, Instant version, List<Field> fields)
      implements RowPreview {
    /** Copies the list. */
    public Document {
      fields = List.copyOf(fields);
    }
  }

  /** A row that is not to be searched. */
  record NotIndexed(String id, String reason) implements RowPreview {}

  /** A row that would be set aside. */
  record SetAside(String id, String reason, String fix) implements RowPreview {}

  /** There is no row of that key. */
  record Missing(String id) implements RowPreview {}

  /**
   * One field of a document.
   *
   * @param name of the field
   * @param type with what the schema says of it, in words
   * @param indexed the terms or numbers by which it is found; the tokens of a text, in their order
   * @param stored what a hit returns; null for nothing
   */
  record Field(String name, String type, List<String> indexed, @Nullable Object stored) {
    /** Copies the list. */
    public Field {
      indexed = List.copyOf(indexed);
    }
  }
}
