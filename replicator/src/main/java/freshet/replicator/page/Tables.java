package freshet.replicator.page;

import java.util.Locale;

/** What the tables of the page have in common. */
final class Tables {
  private static final long UNIT = 1_024;

  private Tables() {}

  /** Begins a table that scrolls by itself where the screen is narrower. */
  static Html begin(String caption, String... columns) {
    Html table =
        new Html()
            .open(
                "div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption)
            .open("table");
    table.element("caption", caption);
    head(table, columns);
    return table;
  }

  /** Ends it. */
  static Html end(Html table) {
    return table.close("tbody").close("table").close("div");
  }

  /** The row of headings, and the begin of the body. */
  static void head(Html table, String... columns) {
    table.open("thead").open("tr");
    for (String column : columns) {
      table.element("th", column, "scope", "col");
    }
    table.close("tr").close("thead").open("tbody");
  }

  /** A cell with a figure. */
  static void number(Html table, String text) {
    table.element("td", text, "class", "number");
  }

  /** A cell with text of others. */
  static void foreign(Html table, String text) {
    table.open("td").foreign(text).close("td");
  }

  /** A command to copy. */
  static void command(Html html, String command) {
    html.element("code", command, "class", "command");
  }

  /** A count of bytes as people say it, such as {@code 12.3 MiB}. */
  static String bytes(long bytes) {
    if (bytes < UNIT) {
      return bytes + " B";
    }
    double value = bytes;
    String units = "KMGTPE";
    int unit = -1;
    while (value >= UNIT && unit < units.length() - 1) {
      value /= UNIT;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %siB", value, units.charAt(unit));
  }
}
