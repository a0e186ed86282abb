package freshet.replicator.page;

import freshet.replicator.flight.Failure;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Incident;
import freshet.replicator.runtime.Count;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The parts of the page that change, each by the id of the element that holds it. Pure. */
final class Sections {
  private static final int MOST_SLAVES = 200;
  private static final int MOST_NAMES = 20;

  private Sections() {}

  /** All of them, in the order of the page. */
  static Map<String, Html> of(StatusPage page, CityQuery query) {
    Map<String, Html> sections = new LinkedHashMap<>();
    sections.put("headline", headline(page));
    sections.put("incidents", incidents(page.incidents()));
    sections.put("picture", picture(page));
    sections.put("fleet", fleet(page.fleet()));
    sections.put("cities", cities(page.cities(), query));
    sections.put("handshakes", handshakes(page));
    sections.put("failures", failures(page.failures()));
    sections.put("generations", GenerationSection.of(page));
    return sections;
  }

  private static Html headline(StatusPage page) {
    Headline headline = page.headline();
    String state = headline.state().name().toLowerCase(Locale.ROOT);
    Html html = new Html();
    html.open("p", "class", "headline " + state, "data-state", state);
    html.foreign(headline.sentence()).close("p");
    html.open("p", "class", "beside").foreign(page.name() + " " + page.waitsFor());
    return html.text("; as of " + Times.second(page.at())).close("p");
  }

  private static Html incidents(List<Incident> incidents) {
    if (incidents.isEmpty()) {
      return none("Nothing is pending or firing.");
    }
    Html html = new Html();
    for (Incident incident : incidents) {
      html.open("article", "class", "incident " + lower(incident.phase()));
      html.open("h3").text(incident.cause()).close("h3");
      html.element(
          "p",
          "%s, %s, at %s, since %s%s"
              .formatted(
                  lower(incident.phase()),
                  lower(incident.severity()),
                  lower(incident.stage()),
                  Times.second(incident.since()),
                  incident.flaps() == 0
                      ? ""
                      : "; it came back " + Incident.times(incident.flaps())),
          "class",
          "beside");
      html.open("p").foreign("%s: %s".formatted(incident.failure(), incident.what())).close("p");
      if (!incident.affected().isEmpty()) {
        html.open("p").text("Affected: ");
        html.foreign(
            incident.affected().stream().limit(MOST_NAMES).collect(Collectors.joining(", ")));
        int more = incident.affected().size() - MOST_NAMES;
        html.text(more > 0 ? " and %d more".formatted(more) : "").close("p");
      }
      html.open("p").text("Last good generation: ");
      html.foreign(incident.lastGood() == null ? "none" : incident.lastGood());
      if (incident.limitAt() != null) {
        html.text("; limit of the age: " + Times.second(incident.limitAt()));
      }
      html.text("; next: ");
      Tables.command(html, incident.nextCommand());
      html.text("; read docs/troubleshooting.md, “");
      html.foreign(incident.heading()).text("”").close("p").close("article");
    }
    return html;
  }

  private static Html picture(StatusPage page) {
    Html html = new Html().open("div", "class", "picture");
    html.add(AgePicture.of(page.history(), page.at(), page.ageLimit()));
    return html.add(AgePicture.table(page.history())).close("div");
  }

  private static Html fleet(List<SlaveRow> fleet) {
    if (fleet.isEmpty()) {
      return none("No slave has reported here lately.");
    }
    Html html = spread("The slaves", fleet.stream().map(SlaveRow::age).toList());
    Html table =
        Tables.begin(
            "Slaves, slowest first",
            "Slave",
            "Generation",
            "Age",
            "Free disk",
            "Last pull",
            "Fetched",
            "Replayed",
            "Reported");
    for (SlaveRow slave : fleet.subList(0, Math.min(fleet.size(), MOST_SLAVES))) {
      SlaveStatus status = slave.status();
      table.open("tr").open("th", "scope", "row").foreign(slave.name()).close("th");
      table.element(
          "td",
          status == null || status.generation() == null ? "none" : status.generation().toString());
      Tables.foreign(table, age(slave.age()) + canary(slave));
      Tables.number(table, status == null ? "?" : Tables.bytes(status.freeBytes()));
      Tables.foreign(table, lastPull(status));
      Tables.number(table, status == null ? "?" : Tables.bytes(status.fetchedBytes()));
      Tables.number(table, status == null ? "?" : Tables.bytes(status.replayedBytes()));
      table.element("td", Times.second(slave.reportedAt())).close("tr");
    }
    html.add(Tables.end(table));
    return fleet.size() <= MOST_SLAVES
        ? html
        : html.element("p", "and %d more, younger ones".formatted(fleet.size() - MOST_SLAVES));
  }

  private static String canary(SlaveRow slave) {
    return slave.canary() == null ? "" : "; canary: " + age(slave.canary());
  }

  private static String lastPull(@Nullable SlaveStatus status) {
    if (status == null || status.lastPull() == null) {
      return "none yet";
    }
    return status.lastPullAt() == null
        ? status.lastPull()
        : "%s: %s".formatted(Times.second(status.lastPullAt()), status.lastPull());
  }

  private static Html cities(List<CityRow> all, CityQuery query) {
    CityQuery.Found found = query.of(all);
    if (found.found() == 0) {
      return none(
          query.filter().isEmpty()
              ? "No city is served."
              : "No city has '%s' in its name.".formatted(query.filter()));
    }
    Html html = spread("All %,d".formatted(all.size()), all.stream().map(CityRow::age).toList());
    Html table =
        Tables.begin(
            "%s, %s, page %d of %d"
                .formatted(
                    Count.of(found.found(), "city", "cities"),
                    query.sort().words(),
                    found.page(),
                    found.pages()),
            "City",
            "Age",
            "Of that",
            "Documents",
            "Size");
    for (CityRow city : found.rows()) {
      table.open("tr").open("th", "scope", "row").foreign(city.city().toString()).close("th");
      Tables.foreign(
          table, city.paused() == null ? age(city.age()) : age(city.age()) + "; " + city.paused());
      Tables.foreign(table, city.stages().sentence());
      Tables.number(table, "%,d".formatted(city.documents()));
      Tables.number(table, Tables.bytes(city.bytes()));
      table.close("tr");
    }
    html.add(Tables.end(table));
    if (found.pages() == 1) {
      return html;
    }
    html.open("nav", "aria-label", "Pages of cities");
    if (found.page() > 1) {
      html.element("a", "Previous", "href", query.address(found.page() - 1)).text(" ");
    }
    if (found.page() < found.pages()) {
      html.element("a", "Next", "href", query.address(found.page() + 1));
    }
    return html.close("nav");
  }

  private static Html handshakes(StatusPage page) {
    if (page.handshakes().isEmpty()) {
      return none("This node has no database to connect to.");
    }
    Html html = new Html();
    Map<String, List<PhaseHistogram>> byEndpoint =
        page.handshakes().stream()
            .collect(
                Collectors.groupingBy(
                    PhaseHistogram::endpoint, LinkedHashMap::new, Collectors.toList()));
    byEndpoint.forEach((endpoint, phases) -> html.add(HandshakeTable.of(endpoint, phases)));
    return html;
  }

  private static Html failures(List<Failure> failures) {
    if (failures.isEmpty()) {
      return none("None within the last hour.");
    }
    Html table =
        Tables.begin(
            "Failures of the last hour, latest first",
            "Class",
            "Attempt",
            "Count",
            "Last",
            "Message");
    for (Failure failure : failures) {
      table.open("tr").element("th", failure.failure(), "scope", "row");
      Tables.foreign(table, "%s %s".formatted(failure.attempt(), failure.where()).strip());
      Tables.number(table, "%,d".formatted(failure.times()));
      table.element("td", Times.second(failure.at()));
      Tables.foreign(table, failure.text());
      table.close("tr");
    }
    return Tables.end(table);
  }

  static Html none(String why) {
    return new Html().open("p", "class", "none").foreign(why).close("p");
  }

  private static Html spread(String subject, List<Age> ages) {
    return new Html()
        .element("p", "%s: age %s".formatted(subject, Words.spread(ages)), "class", "beside");
  }

  private static String age(Age age) {
    return switch (age) {
      case Age.Known known -> Words.duration(known.atMost());
      case Age.Unknown unknown -> "unknown: " + unknown.reason();
    };
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
