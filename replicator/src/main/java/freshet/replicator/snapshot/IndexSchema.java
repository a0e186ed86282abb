package freshet.replicator.snapshot;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of the index and the key of its documents. It travels in the snapshot, so that a slave
 * declares none.
 *
 * @param format version of this file's format
 * @param key types of the key's columns
 * @param fields in the order in which documents hold their values
 * @param defaultFields text fields that a query without a field name searches
 */
public record IndexSchema(
    int format, List<KeyType> key, List<FieldSpec> fields, List<String> defaultFields) {

  /** Copies the lists and refuses what contradicts itself. */
  public IndexSchema {
    key = List.copyOf(key);
    fields = List.copyOf(fields);
    defaultFields = List.copyOf(defaultFields);
    Set<String> names = new HashSet<>();
    for (FieldSpec field : fields) {
      if (!names.add(field.name())) {
        throw new IllegalArgumentException("field " + field.name() + " is declared twice");
      }
    }
    for (String name : defaultFields) {
      if (fields.stream().noneMatch(f -> f.name().equals(name) && f.type() == FieldType.TEXT)) {
        throw new IllegalArgumentException("default field " + name + " is no text field");
      }
    }
  }

  /** The field of that name. */
  public Optional<FieldSpec> field(String name) {
    return fields.stream().filter(field -> field.name().equals(name)).findFirst();
  }

  /** How keys are written as bytes. */
  public KeyCodec keyCodec() {
    return new KeyCodec(key);
  }
}
