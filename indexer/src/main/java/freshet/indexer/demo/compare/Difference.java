package freshet.indexer.demo.compare;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a slave serves otherwise than the database has it.
 *
 * @param slave that serves it
 * @param document its id
 * @param kind what is wrong
 * @param field the field, or the word, that differs; null if it is the document as a whole
 * @param database what the database has; null if it has nothing
 * @param served what the slave serves; null if it serves nothing
 */
public record Difference(
    String slave,
    long document,
    Kind kind,
    @Nullable String field,
    @Nullable String database,
    @Nullable String served) {
  private static final int SHOWN = 60;

  /** What can be wrong with a document. */
  public enum Kind {
    /** The table has it, the slave has not. */
    @JsonProperty("missing")
    MISSING,
    /** The slave has it, the table has not; or the slave has it once more than once. */
    @JsonProperty("ghost")
    GHOST,
    /** It is in another city. */
    @JsonProperty("city")
    CITY,
    /** It has another version. */
    @JsonProperty("version")
    VERSION,
    /** A stored field has another value. */
    @JsonProperty("field")
    FIELD,
    /** A search for a word of its text does not find it, or finds it for a word it has not. */
    @JsonProperty("word")
    WORD
  }

  /** One line for people. */
  public String describe() {
    String both = "database " + shown(database) + ", slave " + shown(served);
    return switch (kind) {
      case MISSING -> "%s: document %d is missing: %s".formatted(slave, document, both);
      case GHOST -> "%s: document %d is a ghost: %s".formatted(slave, document, both);
      case CITY -> "%s: document %d is in another city: %s".formatted(slave, document, both);
      case VERSION -> "%s: document %d has another version: %s".formatted(slave, document, both);
      case FIELD ->
          "%s: document %d differs in field %s: %s".formatted(slave, document, field, both);
      case WORD ->
          "%s: document %d, found by the word %s: %s".formatted(slave, document, field, both);
    };
  }

  private static String shown(@Nullable String value) {
    if (value == null) {
      return "nothing";
    }
    // Where long texts differ is most often at their end: that is where an edit puts its word.
    String text =
        value.length() <= 2 * SHOWN
            ? value
            : value.substring(0, SHOWN) + " … " + value.substring(value.length() - SHOWN);
    return "'" + text + "'";
  }
}
