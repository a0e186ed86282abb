package freshet.replicator.page;

import java.util.Locale;
import java.util.Map;

/** The whole page, which is complete without its script, too. Pure. */
final class PageDocument {
  private static final Map<String, String> HEADINGS =
      Map.of(
          "incidents", "Incidents",
          "picture", "Age by stage",
          "fleet", "Slaves",
          "cities", "Cities",
          "handshakes", "Handshakes with the database",
          "failures", "Recent failures",
          "generations", "Generations");

  private PageDocument() {}

  static String of(StatusPage page, CityQuery query) {
    String role = page.role().name().toLowerCase(Locale.ROOT);
    Html html = new Html();
    html.open("html", "lang", "en").open("head").open("meta", "charset", "utf-8");
    html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.open("meta", "name", "color-scheme", "content", "light dark");
    html.element("title", "Freshet %s %s".formatted(role, page.name()));
    html.open("link", "rel", "stylesheet", "href", "page/style.css");
    html.element("script", "", "src", "page/script.js", "defer", "");
    html.close("head").open("body");
    html.element("a", "Skip to what is wrong", "href", "#incidents-heading", "class", "skip");
    html.open("header").open("h1").text("Freshet " + role + " ").foreign(page.name()).close("h1");
    html.element("p", "Reload to see news.", "id", "live");
    html.element("p", "", "id", "announcement", "role", "status", "class", "hidden");
    html.close("header").open("main");
    Sections.of(page, query).forEach((id, content) -> section(html, id, content, query));
    html.close("main").close("body").close("html");
    return "<!doctype html>\n" + html;
  }

  private static void section(Html html, String id, Html content, CityQuery query) {
    String heading = HEADINGS.get(id);
    if (heading == null) {
      html.open("div", "id", id).add(content).close("div");
      return;
    }
    html.open("section", "aria-labelledby", id + "-heading");
    html.element("h2", heading, "id", id + "-heading", "tabindex", "-1");
    if (id.equals("cities")) {
      html.add(form(query));
    }
    html.open("div", "id", id).add(content).close("div").close("section");
  }

  /** Beside what is replaced, so that nobody is interrupted while typing. */
  private static Html form(CityQuery query) {
    Html form = new Html().open("form", "method", "get", "action", "#cities-heading");
    form.element("label", "Part of a name", "for", "city-filter");
    form.open(
        "input",
        "id",
        "city-filter",
        "name",
        "city",
        "type",
        "search",
        "maxlength",
        "200",
        "value",
        query.filter());
    form.element("label", "Order", "for", "city-sort");
    form.open("select", "id", "city-sort", "name", "sort");
    for (CityQuery.Sort sort : CityQuery.Sort.values()) {
      if (sort == query.sort()) {
        form.element("option", sort.words(), "value", sort.parameter(), "selected", "");
      } else {
        form.element("option", sort.words(), "value", sort.parameter());
      }
    }
    form.close("select");
    return form.element("button", "Show", "type", "submit").close("form");
  }
}
