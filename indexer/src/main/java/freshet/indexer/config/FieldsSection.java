package freshet.indexer.config;

import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.KeyColumn;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.schema.Analyzers;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.IndexSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys {@code fields} and {@code default_fields}: what the index holds, and where in the row it
 * comes from.
 *
 * @param key columns of the key
 * @param schema of the index
 * @param columns one entry for each field, in the schema's order
 */
record FieldsSection(
    List<Made<KeyColumn>> key, Made<IndexSchema> schema, Made<List<FieldColumns>> columns) {

  private record Field(FieldSpec spec, FieldColumns columns) {}

  static FieldsSection read(ConfigSection root, List<Made<KeyColumn>> key) {
    List<Made<Field>> fields = new ArrayList<>();
    Map<String, FieldType> types = new LinkedHashMap<>();
    for (ConfigSection section : root.sections("fields")) {
      fields.add(field(section, types));
    }
    List<String> named = root.texts("default_fields");
    for (String name : named) {
      if (types.get(name) != FieldType.TEXT) {
        root.problem("default_fields", "names of text fields are expected, not " + name);
      }
    }
    Made<IndexSchema> schema =
        root.make(() -> schema(key, fields.stream().map(f -> f.get().spec()).toList(), named));
    Made<List<FieldColumns>> columns =
        root.make(() -> fields.stream().map(field -> field.get().columns()).toList());
    return new FieldsSection(key, schema, columns);
  }

  private static IndexSchema schema(
      List<Made<KeyColumn>> key, List<FieldSpec> fields, List<String> named) {
    List<String> texts =
        fields.stream().filter(f -> f.type() == FieldType.TEXT).map(FieldSpec::name).toList();
    return new IndexSchema(
        FormatVersion.CURRENT,
        key.stream().map(column -> column.get().type()).toList(),
        fields,
        named.isEmpty() ? texts : named);
  }

  private static Made<Field> field(ConfigSection section, Map<String, FieldType> types) {
    String name = section.text("name");
    FieldType type = section.choice("type", FieldType.class, null);
    if (types.putIfAbsent(name, type) != null) {
      section.problem("name", "a field of that name is declared above");
    }
    Optional<String> analyzer =
        section.optional("analyzer", "an analyzer is expected", FieldsSection::analyzer);
    if (analyzer.isPresent() && type != FieldType.TEXT) {
      section.problem("analyzer", "only text has an analyzer");
    }
    boolean isHtml = section.flag("html", false);
    if (isHtml && type != FieldType.TEXT) {
      section.problem("html", "only text can be HTML");
    }
    String words = analyzer.orElse("standard");
    boolean stored = section.flag("stored", true);
    boolean sortable = section.flag("sortable", false);
    Supplier<FieldColumns> columns = ColumnKeys.read(section, name, type);
    return section.make(
        () ->
            new Field(
                new FieldSpec(
                    name,
                    type,
                    type != FieldType.TEXT ? null : isHtml ? Analyzers.ofHtml(words) : words,
                    section.has("multi_valued"),
                    stored,
                    sortable),
                columns.get()));
  }

  private static String analyzer(String name) {
    if (!Analyzers.names().contains(name)) {
      throw new IllegalArgumentException(
          "one of " + String.join(", ", Analyzers.names()) + " is expected");
    }
    return name;
  }
}
