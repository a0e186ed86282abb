package freshet.indexer.config;

import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * By what documents are made of rows, and how those are polled: kept beside the indexes that were
 * built by it, since documents that were made by two of them must not mix.
 *
 * @param schema of the documents
 * @param table they come from
 * @param tombstones where deletions are noted; null if nowhere
 * @param diffEvery how often all keys are compared
 */
public record Definition(
    IndexSchema schema, TableSpec table, @Nullable Tombstones tombstones, Duration diffEvery) {

  /**
   * Where two definitions make other documents.
   *
   * @param key of the configuration
   * @param inUse the value that the indexes are built by; null if there is none
   * @param configured the other one
   */
  public record Difference(String key, @Nullable String inUse, @Nullable String configured) {
    /** For people. */
    @Override
    public String toString() {
      return "%s: in use is %s, configured is %s"
          .formatted(
              key, inUse == null ? "nothing" : inUse, configured == null ? "nothing" : configured);
    }
  }

  /** Reads what {@link #text} has written; empty if there is no such file. */
  public static Optional<Definition> read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      return Optional.of(SnapshotCodec.read(bytes, Definition.class, file.toString()));
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new FormatException(file + " is no definition: " + e.getMessage(), e);
    }
  }

  /** As JSON. It holds no secrets. */
  public String text() {
    return SnapshotCodec.writeText(this);
  }

  /** The digest of the schema, as snapshots name it. */
  public Digest schemaDigest() {
    return Digest.of(SnapshotCodec.write(schema));
  }

  /** What differs in the documents that are made; nothing for what only changes how is polled. */
  public List<Difference> differencesTo(Definition configured) {
    Map<String, String> own = parts();
    Map<String, String> others = configured.parts();
    Set<String> keys = new LinkedHashSet<>(own.keySet());
    keys.addAll(others.keySet());
    List<Difference> differences = new ArrayList<>();
    for (String key : keys) {
      if (!Objects.equals(own.get(key), others.get(key))) {
        differences.add(new Difference(key, own.get(key), others.get(key)));
      }
    }
    return differences;
  }

  /**
   * The same documents, polled as the configuration says by now, as far as that is about the same
   * table: another one has tombstones of its own.
   */
  public Definition polledAs(Definition configured) {
    if (!table.name().equals(configured.table.name())
        || !table.key().equals(configured.table.key())) {
      return this;
    }
    List<SideTable> sides = configured.table.alsoChangedBy();
    return new Definition(
        schema,
        new TableSpec(
            table.name(),
            table.key(),
            table.version(),
            table.city(),
            table.fields(),
            table.searchableIf(),
            table.query(),
            sides),
        configured.tombstones,
        configured.diffEvery);
  }

  /** What makes documents, by the keys of the configuration. */
  private Map<String, String> parts() {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("table.name", table.name());
    parts.put(
        "table.key",
        table.key().stream().map(column -> textOf(column)).collect(Collectors.joining(", ")));
    parts.put("table.version", table.version().name() + " " + table.version().type());
    parts.put("table.city", table.city());
    if (table.searchableIf() != null) {
      parts.put("table.searchable_if", table.searchableIf());
    }
    if (table.query() != null) {
      parts.put("table.query", table.query().toString());
    }
    Map<String, FieldColumns> columns =
        table.fields().stream().collect(Collectors.toMap(FieldColumns::field, of -> of));
    for (FieldSpec field : schema.fields()) {
      parts.put("fields." + field.name(), textOf(field, columns.get(field.name())));
    }
    parts.put(
        "fields", schema.fields().stream().map(FieldSpec::name).collect(Collectors.joining(", ")));
    parts.put("default_fields", String.join(", ", schema.defaultFields()));
    return parts;
  }

  private static String textOf(KeyColumn column) {
    return column.name() + " " + column.type().name().toLowerCase(Locale.ROOT);
  }

  private static String textOf(FieldSpec field, @Nullable FieldColumns columns) {
    StringBuilder text = new StringBuilder(field.type().name().toLowerCase(Locale.ROOT));
    if (field.analyzer() != null) {
      text.append(" by ").append(field.analyzer());
    }
    text.append(field.stored() ? ", stored" : ", not stored");
    if (field.sortable()) {
      text.append(", sortable");
    }
    if (columns != null) {
      text.append(", from ").append(String.join(" and ", columns.columns()));
      if (columns.path() != null) {
        text.append(" at ").append(columns.path());
      }
      if (columns.format() != null) {
        text.append(" as ").append(columns.format().name().toLowerCase(Locale.ROOT));
      }
      if (field.multiValued()) {
        text.append(" as ").append(columns.list().name().toLowerCase(Locale.ROOT));
      }
      ZoneId zone = columns.zone();
      if (zone != null && !zone.normalized().equals(ZoneOffset.UTC)) {
        text.append(" in ").append(zone);
      }
    }
    return text.toString();
  }
}
