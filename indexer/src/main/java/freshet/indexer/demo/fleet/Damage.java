package freshet.indexer.demo.fleet;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/**
 * How a slave's store was damaged.
 *
 * @param slave whose store it is
 * @param document the damaged document, as a search shows its id
 * @param kind what was done to it
 */
public record Damage(String slave, String document, Kind kind) {

  /** What can be done to a document. */
  public enum Kind {
    /** It is removed from the slave. */
    @JsonProperty("missing")
    MISSING,
    /** A copy of it appears under an id that the database doesn't have. */
    @JsonProperty("ghost")
    GHOST,
    /** Its title is another one. */
    @JsonProperty("field")
    FIELD,
    /** It is in another city. */
    @JsonProperty("city")
    CITY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** One line for people. */
  public String describe() {
    return switch (kind) {
      case MISSING -> "%s: document %s removed".formatted(slave, document);
      case GHOST -> "%s: document %s added".formatted(slave, document);
      case FIELD -> "%s: document %s given another title".formatted(slave, document);
      case CITY -> "%s: document %s moved to another city".formatted(slave, document);
    };
  }
}
