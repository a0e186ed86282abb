package freshet.indexer.app;

import freshet.indexer.diff.CityCounts;
import freshet.indexer.diff.DiffReport;
import freshet.indexer.diff.Difference;
import freshet.replicator.app.CityWords;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.KeyCodec;
import freshet.replicator.snapshot.SnapshotCodec;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The report of a comparison, for people or as JSON. */
final class DiffText {
  private DiffText() {}

  /**
   * What {@code bin/indexer diff --json} prints.
   *
   * @param generation that was looked at last
   * @param verified whether a cycle was waited for before it was
   * @param found differences in all
   * @param pending documents that a poll is yet to bring
   * @param setAside rows that are set aside, and not compared
   * @param unlisted rows of cities that are not listed
   * @param cities side by side
   * @param differences the first ones
   */
  private record Report(
      Generation generation,
      boolean verified,
      long found,
      long pending,
      long setAside,
      long unlisted,
      List<CityCounts> cities,
      List<Shown> differences) {}

  /**
   * A difference.
   *
   * @param id as people type it
   * @param kind what it is
   * @param city where
   * @param belongs where it should be; null if nowhere
   */
  private record Shown(String id, String kind, City city, @Nullable City belongs) {}

  /**
   * Prints it.
   *
   * @param next what becomes of differences that stay
   */
  static void print(
      DiffReport report, KeyCodec codec, boolean isJson, String next, Consumer<String> out) {
    if (isJson) {
      out.accept(json(report, codec));
    } else {
      lines(report, codec, next, out);
    }
  }

  private static String json(DiffReport report, KeyCodec codec) {
    return SnapshotCodec.writeText(
        new Report(
            report.generation(),
            report.isVerified(),
            report.found(),
            sum(report, CityCounts::pending),
            report.setAside(),
            report.unlisted(),
            report.cities(),
            report.differences().stream()
                .map(one -> new Shown(codec.show(one.key()), kind(one), one.city(), one.belongs()))
                .toList()));
  }

  private static void lines(DiffReport report, KeyCodec codec, String next, Consumer<String> out) {
    TextTable table =
        new TextTable(
            "city", "database", "index", "missing", "ghosts", "wrong city", "outdated", "pending");
    for (CityCounts city : report.cities()) {
      table.row(
          CityWords.name(city.city()),
          city.database(),
          city.index(),
          city.missing(),
          city.ghosts(),
          city.wrongCity(),
          city.outdated(),
          city.pending());
    }
    table.row(
        Count.of(report.cities().size(), "city", "cities"),
        sum(report, CityCounts::database),
        sum(report, CityCounts::index),
        sum(report, CityCounts::missing),
        sum(report, CityCounts::ghosts),
        sum(report, CityCounts::wrongCity),
        sum(report, CityCounts::outdated),
        sum(report, CityCounts::pending));
    table.lines().forEach(out);
    for (Difference one : report.differences()) {
      out.accept("%s: %s".formatted(codec.show(one.key()), text(one)));
    }
    if (report.differences().size() < report.found()) {
      out.accept("and %,d more: --ids".formatted(report.found() - report.differences().size()));
    }
    if (report.setAside() > 0) {
      out.accept(
          "not compared: %s set aside; see: bin/indexer quarantine list"
              .formatted(Count.of(report.setAside(), "row that is", "rows that are")));
    }
    if (report.unlisted() > 0) {
      out.accept(
          "not compared: %s of cities that are not in listed_cities; see: bin/indexer"
                  .formatted(Count.of(report.unlisted(), "row"))
              + " check-config");
    }
    out.accept(end(report, next));
  }

  private static String end(DiffReport report, String next) {
    String generation = "generation " + report.generation();
    if (report.found() == 0) {
      return "equal: "
          + generation
          + " has the ids of the table, each in its city and with its version; nothing else is compared";
    }
    return "%s in %s%s"
        .formatted(
            Count.of(report.found(), "document differs", "documents differ"),
            generation,
            !report.isVerified()
                ? "; no cycle came in between, so that the next one may bring some of them"
                : ", also after a cycle that began since; " + next);
  }

  private static String text(Difference one) {
    String city = CityWords.name(one.city());
    City belongs = one.belongs();
    return switch (one.kind()) {
      case MISSING -> "missing in city " + city;
      case OUTDATED -> "outdated in city " + city;
      case GHOST -> "ghost in city " + city;
      case WRONG_CITY ->
          "in city %s, its row names %s"
              .formatted(city, belongs == null ? "none" : CityWords.name(belongs));
    };
  }

  private static String kind(Difference one) {
    return switch (one.kind()) {
      case MISSING -> "missing";
      case OUTDATED -> "outdated";
      case GHOST -> "ghost";
      case WRONG_CITY -> "wrong_city";
    };
  }

  private static long sum(DiffReport report, ToLongFunction<CityCounts> figure) {
    return report.cities().stream().mapToLong(figure).sum();
  }
}
