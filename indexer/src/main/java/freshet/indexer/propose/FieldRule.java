package freshet.indexer.propose;

import freshet.indexer.check.LiveColumn;
import freshet.indexer.check.Mojibake;
import freshet.indexer.inspect.ColumnSample;
import freshet.indexer.propose.FieldGuess.Field;
import freshet.indexer.propose.FieldGuess.LeftOut;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.FieldColumns.Format;
import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.replicator.schema.Analyzers;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one column, by its type, its name and a sample. Pure.
 *
 * @param analyzer for texts
 * @param zone of the server; null if its clock shows UTC
 */
record FieldRule(String analyzer, @Nullable ZoneId zone) {
  private static final Pattern SECRET =
      Pattern.compile(
          ".*(?:passw|pwd|secret|token|salt|api_?key|private_?key|iban|card_?number|ssn).*");
  private static final Pattern UUID_NAME = Pattern.compile("(?:.*_)?(?:id|uuid|guid)");
  private static final BigDecimal LARGEST_LONG = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final String BY_QUERY = "let table.query yield it in another form, such as ";

  FieldGuess guess(String name, LiveColumn column, ColumnSample sample) {
    if (SECRET.matcher(name).matches()) {
      return new LeftOut(name, column.type(), "it is named like a secret, and hits show fields");
    }
    return switch (column.baseType()) {
      case "tinyint", "smallint", "mediumint", "int", "bigint" -> integer(name, column, sample);
      case "year" -> sortable(name, FieldType.LONG, "");
      case "decimal" -> sortable(name, FieldType.DECIMAL, "");
      case "float", "double" -> sortable(name, FieldType.DOUBLE, "");
      case "bit" -> bit(name, column);
      case "date", "datetime", "timestamp" -> date(name, column);
      case "time" -> single(name, FieldType.KEYWORD, "");
      case "enum" -> single(name, FieldType.KEYWORD, "");
      case "uuid", "inet4", "inet6" -> single(name, FieldType.KEYWORD, "");
      case "set" -> several(name, ListFormat.COMMAS, "");
      case "char", "varchar", "tinytext", "text", "mediumtext", "longtext", "json" ->
          letters(name, column, sample);
      case "binary", "varbinary" -> bytes(name, column);
      case "tinyblob", "blob", "mediumblob", "longblob" ->
          new LeftOut(
              name, column.type(), "bytes are no text; a keyword of format: hex has their digits");
      case "point" ->
          field(
              name,
              new FieldSpec(name(name), FieldType.GEO_POINT, null, false, true, false),
              ListFormat.COMMAS,
              "x is the longitude; if it is the latitude, format: lat_lon");
      default ->
          new LeftOut(name, column.type(), "the index has no type for it; " + BY_QUERY + "text");
    };
  }

  private static FieldGuess integer(String name, LiveColumn column, ColumnSample sample) {
    boolean isFlag =
        column.type().startsWith("tinyint(1)")
            && (sample.isEmpty() || sample.all(value -> value.equals("0") || value.equals("1")));
    if (isFlag) {
      return single(name, FieldType.BOOLEAN, "");
    }
    if (sample.values().stream().anyMatch(v -> new BigDecimal(v).compareTo(LARGEST_LONG) > 0)) {
      return sortable(name, FieldType.DECIMAL, "some are above 2^63, which no long holds");
    }
    // Nobody sorts by what only refers to another row.
    return name.endsWith("_id")
        ? single(name, FieldType.LONG, "")
        : sortable(name, FieldType.LONG, "");
  }

  private static FieldGuess bit(String name, LiveColumn column) {
    return switch (column.type()) {
      case "bit(1)" -> single(name, FieldType.BOOLEAN, "");
      case "bit(64)" -> sortable(name, FieldType.DECIMAL, "");
      default -> sortable(name, FieldType.LONG, "");
    };
  }

  private static FieldGuess bytes(String name, LiveColumn column) {
    boolean isUuid = column.type().equals("binary(16)") && UUID_NAME.matcher(name).matches();
    return new Field(
        new FieldSpec(name(name), FieldType.KEYWORD, null, false, true, false),
        new FieldColumns(
            name(name),
            List.of(name),
            ListFormat.COMMAS,
            null,
            null,
            isUuid ? Format.UUID : Format.HEX),
        isUuid ? "of UUID_TO_BIN(uuid, 1): format: uuid_swapped" : "");
  }

  private FieldGuess date(String name, LiveColumn column) {
    boolean isLocal = zone != null && column.baseType().equals("datetime") && column.isStamped();
    return new Field(
        new FieldSpec(name(name), FieldType.DATE, null, false, true, true),
        new FieldColumns(name(name), List.of(name), ListFormat.COMMAS, isLocal ? zone : null),
        isLocal ? "the server stamps it by the clock of this zone" : "");
  }

  private FieldGuess letters(String name, LiveColumn column, ColumnSample sample) {
    return switch (TextRule.kind(name, column, sample)) {
      case TEXT ->
          words(
              new FieldSpec(
                  name(name),
                  FieldType.TEXT,
                  TextRule.isHtml(sample) ? Analyzers.ofHtml(analyzer) : analyzer,
                  false,
                  true,
                  false),
              name,
              column,
              sample);
      case KEYWORD ->
          words(
              new FieldSpec(name(name), FieldType.KEYWORD, null, false, true, false),
              name,
              column,
              sample);
      case COMMA_LIST -> several(name, ListFormat.COMMAS, "its values are lists with commas");
      case JSON_LIST -> several(name, ListFormat.JSON, "its values are arrays of JSON");
      case JSON_OBJECT ->
          new LeftOut(
              name,
              column.type(),
              "objects of JSON are no value; a field with column: %s, path: $.name has one of theirs"
                  .formatted(name));
    };
  }

  private static FieldGuess words(
      FieldSpec spec, String name, LiveColumn column, ColumnSample sample) {
    Mojibake found =
        "latin1".equals(column.charset()) ? Mojibake.of(sample.values()) : Mojibake.of(List.of());
    return found.isWhole()
        ? new Field(
            spec,
            new FieldColumns(
                spec.name(), List.of(name), ListFormat.COMMAS, null, null, Format.UTF8),
            "declared latin1, its bytes are UTF-8")
        : field(name, spec, ListFormat.COMMAS, "");
  }

  private static FieldGuess single(String column, FieldType type, String why) {
    return field(
        column,
        new FieldSpec(name(column), type, null, false, true, false),
        ListFormat.COMMAS,
        why);
  }

  private static FieldGuess sortable(String column, FieldType type, String why) {
    return field(
        column, new FieldSpec(name(column), type, null, false, true, true), ListFormat.COMMAS, why);
  }

  private static FieldGuess several(String column, ListFormat list, String why) {
    return field(
        column, new FieldSpec(name(column), FieldType.KEYWORD, null, true, true, false), list, why);
  }

  private static FieldGuess field(String column, FieldSpec spec, ListFormat list, String why) {
    return new Field(spec, new FieldColumns(spec.name(), List.of(column), list), why);
  }

  /** A field's name has fewer letters to choose from than a column's. */
  static String name(String column) {
    String plain = column.replaceAll("[^A-Za-z0-9_]", "_");
    String named = plain.matches("[A-Za-z].*") ? plain : "f_" + plain;
    return named.substring(0, Math.min(named.length(), 64));
  }
}
