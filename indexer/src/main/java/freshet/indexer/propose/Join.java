package freshet.indexer.propose;

import freshet.indexer.check.Preparation;
import freshet.indexer.inspect.InspectException;
import freshet.indexer.inspect.Reference;
import freshet.indexer.propose.FieldGuess.Field;
import freshet.indexer.source.Finding;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.snapshot.FieldType;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A side table that could be joined to the documents.
 *
 * @param reference by what
 * @param key of the side table
 * @param version of the side table, which it may have to be given
 * @param fields texts of it that people would search
 * @param lacking what the side table lacks
 */
record Join(
    Reference reference,
    List<KeyColumn> key,
    VersionColumn version,
    List<Field> fields,
    List<Finding> lacking) {
  private static final int MOST_FIELDS = 3;

  Join {
    key = List.copyOf(key);
    fields = List.copyOf(fields);
    lacking = List.copyOf(lacking);
  }

  /** The join over a reference; empty if nothing there is worth it, or it can't be polled. */
  static Optional<Join> of(Reference reference, Preparation preparation, @Nullable ZoneId zone) {
    List<KeyColumn> key;
    VersionColumn version;
    try {
      key = KeyRule.key(reference.table(), List.of());
      version = new VersionRule(Map.of(), zone).guess(reference.table(), null).column();
    } catch (InspectException e) {
      return Optional.empty();
    }
    Set<String> taken = new HashSet<>(Set.of(version.name()));
    key.forEach(column -> taken.add(column.name()));
    List<Field> fields =
        FieldGuesses.of(reference.table(), Map.of(), taken, zone).stream()
            .filter(Field.class::isInstance)
            .map(Field.class::cast)
            .filter(field -> field.spec().type() == FieldType.TEXT)
            .limit(MOST_FIELDS)
            .toList();
    boolean isByKey = key.size() == 1 && key.getFirst().name().equals(reference.target());
    return fields.isEmpty() || !isByKey
        ? Optional.empty()
        : Optional.of(
            new Join(
                reference,
                key,
                version,
                fields,
                preparation.ofTable(reference.table(), version, key)));
  }

  /** The names of its fields, among those of the documents. */
  List<String> names() {
    return fields.stream().map(this::name).toList();
  }

  /** The name of a field of it, among those of the documents. */
  String name(Field field) {
    String table = reference.table().name();
    return FieldRule.name(
        table.substring(table.indexOf('.') + 1) + "_" + field.columns().columns().getFirst());
  }
}
