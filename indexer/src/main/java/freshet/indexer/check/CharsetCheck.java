package freshet.indexer.check;

import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.TableSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Whether texts are what the character set of their column says, by a sample. */
final class CharsetCheck {
  private static final Set<FieldType> TEXTS = Set.of(FieldType.TEXT, FieldType.KEYWORD);

  private CharsetCheck() {}

  /** Fields of latin1 columns that hold UTF-8, and are not configured so. */
  static List<Finding> of(LiveTable live, TableSpec table, IndexSchema schema, Conversation server)
      throws SourceException {
    List<FieldColumns> suspects =
        schema.fields().stream()
            .filter(field -> TEXTS.contains(field.type()))
            .map(field -> PollStatements.columnsOf(table, field))
            .filter(columns -> columns.format() == null && isLatin1(live, columns))
            .toList();
    if (suspects.isEmpty()) {
      return List.of();
    }
    List<String> expressions = new ArrayList<>();
    for (int i = 0; i < suspects.size(); i++) {
      expressions.add(
          "%s AS v%d"
              .formatted(Sample.beginning(Sql.name(suspects.get(i).columns().getFirst())), i));
    }
    List<Map<String, String>> rows = Sample.read(server, live, expressions);
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < suspects.size(); i++) {
      String value = "v" + i;
      Mojibake found =
          Mojibake.of(rows.stream().map(row -> row.get(value)).filter(Objects::nonNull).toList());
      if (found.garbled() > 0) {
        findings.add(finding(live, suspects.get(i), found));
      }
    }
    return findings;
  }

  private static boolean isLatin1(LiveTable live, FieldColumns columns) {
    LiveColumn column = live.column(columns.columns().getFirst());
    return column != null && "latin1".equals(column.charset());
  }

  private static Finding finding(LiveTable live, FieldColumns columns, Mojibake found) {
    return new Finding(
        "column %s of table %s is declared latin1, and holds UTF-8, so that nobody finds its words"
            .formatted(columns.columns().getFirst(), live.name()),
        "%d of the %d texts of a sample that have letters outside ASCII; '%s' is shown where '%s' was meant"
            .formatted(
                found.garbled(),
                found.beyondAscii(),
                shortened(found.example()),
                shortened(found.meant())),
        found.isWhole()
            ? "add format: utf8 to field " + columns.field()
            : "mend the rows that hold the one or the other, then add format: utf8 to field %s if it is UTF-8 that they hold"
                .formatted(columns.field()));
  }

  private static String shortened(String text) {
    int most = 40;
    return text.length() <= most ? text : text.substring(0, most) + "…";
  }
}
