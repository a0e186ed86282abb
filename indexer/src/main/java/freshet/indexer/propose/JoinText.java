package freshet.indexer.propose;

import freshet.indexer.inspect.Reference;
import freshet.indexer.propose.FieldGuess.Field;
import freshet.indexer.session.Sql;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.replicator.config.YamlText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Joins; those that nobody asked for as comments, whose signs can be taken away. Pure.
 *
 * @param table of the documents
 * @param joins of side tables
 * @param isJoined whether somebody asked for them
 */
record JoinText(TableSpec table, List<Join> joins, boolean isJoined) {

  JoinText {
    joins = List.copyOf(joins);
  }

  /** Lines of the section {@code table}; empty without a join. */
  String ofTable() {
    if (joins.isEmpty()) {
      return "";
    }
    List<String> lines = new ArrayList<>();
    lines.add("query: |");
    lines.add("  SELECT d.*" + columns());
    lines.add("  FROM %s d".formatted(Sql.quoted(table.name())));
    for (int i = 0; i < joins.size(); i++) {
      Reference reference = joins.get(i).reference();
      lines.add(
          "  LEFT JOIN %s j%d ON j%d.%s = d.%s"
              .formatted(
                  Sql.quoted(reference.table().name()),
                  i,
                  i,
                  Sql.name(reference.target()),
                  Sql.name(reference.column())));
    }
    lines.add("  WHERE %s IN (:keys)".formatted(key("d.")));
    lines.add("also_changed_by:");
    for (Join join : joins) {
      Reference reference = join.reference();
      lines.add("  - table: " + YamlText.of(reference.table().name()));
      lines.add("    key:");
      join.key().forEach(column -> lines.add("    " + ConfigText.key(column)));
      lines.add("    version: " + ConfigText.version(join.version()));
      lines.add(
          "    documents: SELECT %s FROM %s WHERE %s IN (:keys)"
              .formatted(keys(""), Sql.quoted(table.name()), Sql.name(reference.column())));
    }
    return intro()
        + joins.stream()
            .map(Join::reference)
            .filter(reference -> !reference.isDeclared())
            .map(
                reference ->
                    "  #   That %s names a row of %s is guessed by the names: no foreign key says so.\n"
                        .formatted(reference.column(), reference.table().name()))
            .collect(Collectors.joining())
        + lines.stream().map(line -> "  " + sign() + line + "\n").collect(Collectors.joining());
  }

  private String intro() {
    return isJoined
        ? "  # With columns of other tables, whose changes are followed too.\n"
        : "  # Columns of other tables: init --join %s, or take away the comment signs here and of their\n  # fields below.\n"
                .formatted(joins.getFirst().reference().table().name())
            + joins.stream()
                .flatMap(join -> join.lacking().stream())
                .map(lacks -> "  #   Before that: %s;\n".formatted(YamlText.oneLine(lacks.fix())))
                .collect(Collectors.joining());
  }

  private String sign() {
    return isJoined ? "" : "# ";
  }

  /** Lines of the section {@code fields}. */
  List<String> ofFields() {
    return joins.stream()
        .flatMap(join -> join.fields().stream().map(field -> field(join, field)))
        .toList();
  }

  private String field(Join join, Field field) {
    return "  %s- {name: %s, type: text, analyzer: %s}"
        .formatted(sign(), YamlText.of(join.name(field)), field.spec().analyzer());
  }

  private String columns() {
    StringBuilder columns = new StringBuilder();
    for (int i = 0; i < joins.size(); i++) {
      for (Field field : joins.get(i).fields()) {
        columns.append(
            ", j%d.%s AS %s"
                .formatted(
                    i,
                    Sql.name(field.columns().columns().getFirst()),
                    Sql.name(joins.get(i).name(field))));
      }
    }
    return columns.toString();
  }

  private String key(String alias) {
    return table.key().size() == 1 ? keys(alias) : "(" + keys(alias) + ")";
  }

  private String keys(String alias) {
    return table.key().stream()
        .map(KeyColumn::name)
        .map(name -> alias + Sql.name(name))
        .collect(Collectors.joining(", "));
  }
}
