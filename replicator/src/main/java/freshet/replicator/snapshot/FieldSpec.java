package freshet.replicator.snapshot;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One field of the index.
 *
 * @param name by which queries name it
 * @param type what it holds
 * @param analyzer name of the analyzer of a text field; null for other types
 * @param multiValued whether a document may have several values
 * @param stored whether a hit returns it
 * @param sortable whether hits can be sorted by it; never true for text
 */
public record FieldSpec(
    String name,
    FieldType type,
    @Nullable String analyzer,
    boolean multiValued,
    boolean stored,
    boolean sortable) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");

  /** Refuses what contradicts itself. */
  public FieldSpec {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a field name starts with a letter and has letters, digits and '_' after it, not '"
              + name
              + "'");
    }
    if ((type == FieldType.TEXT) != (analyzer != null)) {
      throw new IllegalArgumentException(
          "field " + name + ": text fields have an analyzer, others have none");
    }
    if (sortable && (type == FieldType.TEXT || type == FieldType.GEO_POINT || multiValued)) {
      throw new IllegalArgumentException(
          "field " + name + ": only a single value that is neither text nor a point sorts");
    }
  }
}
