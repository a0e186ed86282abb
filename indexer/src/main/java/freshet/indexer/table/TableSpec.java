package freshet.indexer.table;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of the documents. An index on (version, key columns) must exist.
 *
 * @param name of the table
 * @param key its unique key
 * @param version grows whenever a row changes
 * @param city the column that says which city a row belongs to
 * @param fields where the fields of the index come from, one for each
 * @param searchableIf SQL expression over the row; where it is not true, the document is not to be
 *     searched. Null if every row is
 * @param query yields the documents by key, with the columns named here; null if the table's own
 *     rows are the documents
 * @param alsoChangedBy tables whose rows change documents too
 */
public record TableSpec(
    String name,
    List<KeyColumn> key,
    VersionColumn version,
    String city,
    List<FieldColumns> fields,
    @Nullable String searchableIf,
    @Nullable KeysSql query,
    List<SideTable> alsoChangedBy) {

  /** Copies the lists and refuses what contradicts itself. */
  public TableSpec {
    key = List.copyOf(key);
    fields = List.copyOf(fields);
    alsoChangedBy = List.copyOf(alsoChangedBy);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("table " + name + " has no key column");
    }
    Set<String> seen = new HashSet<>();
    for (FieldColumns field : fields) {
      if (!seen.add(field.field())) {
        throw new IllegalArgumentException("field " + field.field() + " has columns twice");
      }
    }
    Set<String> sides = new HashSet<>();
    for (SideTable side : alsoChangedBy) {
      if (!sides.add(side.name())) {
        throw new IllegalArgumentException(
            "two side tables are named %s: give one another name".formatted(side.name()));
      }
    }
  }

  /** A table whose own rows are the documents, and nothing else changes them. */
  public TableSpec(
      String name,
      List<KeyColumn> key,
      VersionColumn version,
      String city,
      List<FieldColumns> fields,
      @Nullable String searchableIf) {
    this(name, key, version, city, fields, searchableIf, null, List.of());
  }
}
