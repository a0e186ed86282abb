package freshet.indexer.preview;

import freshet.replicator.snapshot.City;
import java.util.ArrayList;
import java.util.List;

/** Previews for people: long ones are cut, which JSON is not. */
public final class PreviewText {
  private static final int MOST_TOKENS = 40;
  private static final int MOST_LETTERS = 200;

  private PreviewText() {}

  /** The lines of a row. */
  public static List<String> lines(RowPreview row) {
    return switch (row) {
      case RowPreview.Document document -> lines(document);
      case RowPreview.NotIndexed(String id, String reason) ->
          List.of("%s: would not be indexed: %s".formatted(id, reason));
      case RowPreview.SetAside(String id, String reason, String fix) ->
          List.of("%s: would be set aside: %s; %s".formatted(id, reason, fix));
      case RowPreview.Missing(String id) ->
          List.of("%s: no row has this key, or the query yields none".formatted(id));
    };
  }

  private static List<String> lines(RowPreview.Document document) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: city %s, version %s"
            .formatted(
                document.id(), shown(new City(document.city()).toString()), document.version()));
    for (RowPreview.Field field : document.fields()) {
      lines.add("  %s (%s)".formatted(field.name(), field.type()));
      if (field.indexed().isEmpty() && field.stored() == null) {
        lines.add("    no value");
        continue;
      }
      lines.add("    indexed: " + indexed(field.indexed()));
      Object stored = field.stored();
      if (stored != null) {
        lines.add("    stored:  " + shown(stored.toString()));
      }
    }
    return lines;
  }

  private static String indexed(List<String> all) {
    List<String> first = all.stream().limit(MOST_TOKENS).map(PreviewText::shown).toList();
    String shown = String.join(" | ", first);
    return all.size() <= MOST_TOKENS
        ? shown
        : "%s | … %,d more".formatted(shown, all.size() - MOST_TOKENS);
  }

  /** On one line. */
  private static String shown(String text) {
    int letters = text.codePointCount(0, text.length());
    String start =
        letters <= MOST_LETTERS
            ? text
            : "%s… (%,d characters)"
                .formatted(text.substring(0, text.offsetByCodePoints(0, MOST_LETTERS)), letters);
    return start.replaceAll("\\p{Cntrl}", " ");
  }
}
