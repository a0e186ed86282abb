package freshet.replicator.page;

import freshet.replicator.runtime.ShellWord;
import java.util.List;

/** What is kept, what is held, and the commands that change that, for copying. */
final class GenerationSection {
  private static final int MOST_HELD = 50;

  private GenerationSection() {}

  static Html of(StatusPage page) {
    Html html = new Html();
    boolean isMaster = page.role() == StatusPage.Role.MASTER;
    String at = " --repository " + ShellWord.quoted(page.repository().toString());
    if (!page.held().isEmpty()) {
      held(html, page.held(), at);
    }
    if (page.snapshots().isEmpty()) {
      return html.add(Sections.none("Nothing is published yet."));
    }
    Html table =
        Tables.begin(
            "The newest generations", "Generation", "Created", "Cities in it", "State", "Commands");
    for (SnapshotRow row : page.snapshots()) {
      table.open("tr").element("th", row.generation().toString(), "scope", "row");
      table.element("td", Times.second(row.created()));
      Tables.number(table, "%,d".formatted(row.changedCities()));
      table.element("td", state(row));
      table.open("td");
      String pin = row.isPinned() ? "unpin" : "pin";
      Tables.command(
          table, "bin/replicator snapshots %s %s%s".formatted(pin, row.generation(), at));
      if (isMaster && !row.isLatest()) {
        Tables.command(
            table, "bin/replicator snapshots rollback %s%s".formatted(row.generation(), at));
      }
      table.close("td").close("tr");
    }
    return html.add(Tables.end(table));
  }

  private static String state(SnapshotRow row) {
    return row.isLatest()
        ? row.isPinned() ? "latest, pinned" : "latest"
        : row.isPinned() ? "pinned" : "";
  }

  private static void held(Html html, List<HeldRow> held, String at) {
    Html table = Tables.begin("Held cities", "City", "Since", "Why", "Commands");
    for (HeldRow row : held.subList(0, Math.min(held.size(), MOST_HELD))) {
      table.open("tr").open("th", "scope", "row").foreign(row.city().toString()).close("th");
      table.element("td", Times.second(row.since()));
      Tables.foreign(table, row.reason());
      table.open("td");
      // Joined by '=', so that a name that begins with '-' is no option.
      String city = ShellWord.quoted("--city=" + row.city().name());
      if (row.isApprovable()) {
        Tables.command(table, "bin/replicator approve %s%s".formatted(city, at));
      }
      Tables.command(table, "bin/replicator reject %s%s".formatted(city, at));
      table.close("td").close("tr");
    }
    html.add(Tables.end(table));
    if (held.size() > MOST_HELD) {
      html.element("p", "and %d more".formatted(held.size() - MOST_HELD));
    }
  }
}
