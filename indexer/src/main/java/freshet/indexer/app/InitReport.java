package freshet.indexer.app;

import freshet.indexer.check.CityRows;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.inspect.CitySizes;
import freshet.indexer.propose.BuildEstimate;
import freshet.indexer.propose.Proposal;
import freshet.indexer.source.Finding;
import freshet.indexer.table.KeyColumn;
import freshet.replicator.app.CityWords;
import freshet.replicator.config.YamlText;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code init} found, for people and as JSON. Pure.
 *
 * @param endpoint the server that was asked
 * @param proposal what is proposed
 * @param estimate what the first build will take
 * @param processors that the estimate counts with
 * @param lacking what is to be put right, in order
 */
record InitReport(
    Endpoint endpoint,
    Proposal proposal,
    BuildEstimate estimate,
    int processors,
    List<Finding> lacking) {
  private static final int NAMED_CITIES = 10;
  private static final long MEGABYTE = 1L << 20;

  /** Other fixes are in words. */
  private static final Pattern STATEMENT =
      Pattern.compile("(?:ALTER|CREATE|GRANT|UPDATE|SET|START) .*");

  /** The JSON of it. */
  record Summary(
      String file,
      String table,
      long rows,
      boolean isCounted,
      int cities,
      List<String> fields,
      Duration firstBuild,
      long indexBytes,
      long mostBytes,
      List<Finding> lacking) {}

  InitReport {
    lacking = List.copyOf(lacking);
  }

  Summary summary(Path file) {
    return new Summary(
        file.toString(),
        proposal.live().name(),
        proposal.rows(),
        proposal.cities().isExact(),
        proposal.cities().largestFirst().size(),
        Stream.concat(
                proposal.indexed().stream().map(field -> field.spec().name()),
                proposal.joined().stream())
            .toList(),
        estimate.time(),
        estimate.bytes(),
        estimate.mostBytes(),
        lacking);
  }

  /**
   * The report, with statements that can be run as they stand here.
   *
   * @param file that was written; null if none was
   */
  List<String> lines(@Nullable Path file) {
    List<String> lines = new ArrayList<>();
    lines.add("table %s on %s (%s)".formatted(proposal.live().name(), endpoint, proposal.server()));
    lines.add(
        "  rows: "
            + (isExact() ? "%,d" : "about %,d, by the server's estimate")
                .formatted(proposal.rows()));
    lines.add(
        "  key: "
            + proposal.table().key().stream()
                .map(KeyColumn::name)
                .collect(Collectors.joining(", ")));
    lines.add(
        "  version: %s (%s)".formatted(proposal.table().version().name(), proposal.versionWhy()));
    lines.add("  cities: " + cities());
    lines.add(
        "  fields: %d; left out: %s"
            .formatted(
                proposal.indexed().size(),
                proposal.leftOut().isEmpty()
                    ? "none"
                    : proposal.leftOut().stream()
                        .map(left -> left.column())
                        .collect(Collectors.joining(", "))));
    if (!proposal.joined().isEmpty()) {
      lines.add("  joined: " + String.join(", ", proposal.joined()));
    }
    lines.add(
        "  first build, estimated for %d processors: %s; %s on disk, up to %s while it runs"
            .formatted(
                processors,
                RebuildText.timeLeft(estimate.time()),
                megabytes(estimate.bytes()),
                megabytes(estimate.mostBytes())));
    if (file != null) {
      lines.add("wrote " + file);
    }
    lines.add("");
    lines.addAll(statements());
    lines.add("");
    lines.add("-- Next:");
    String named = file == null ? "FILE" : file.toString();
    lines.add("--   bin/indexer check-config --config " + named);
    lines.add("--   bin/indexer build --config " + named + "  (once), or: run (all the time)");
    return lines;
  }

  private static String megabytes(long bytes) {
    return "%,d MB".formatted(Math.ceilDiv(bytes, MEGABYTE));
  }

  private boolean isExact() {
    return proposal.cities().isExact();
  }

  private String cities() {
    CitySizes sizes = proposal.cities();
    if (sizes.counted() == 0) {
      return "by %s; %s"
          .formatted(
              proposal.city(),
              isExact() ? "none yet" : "not counted, since that would have taken too long");
    }
    List<CityRows> largest = sizes.largestFirst();
    String named =
        largest.stream()
            .limit(NAMED_CITIES)
            .map(city -> "%s %,d".formatted(name(city), sizes.rowsOf(city, proposal.rows())))
            .collect(Collectors.joining(", "));
    return "%,d by %s: %s%s%s"
        .formatted(
            largest.size(),
            proposal.city(),
            named,
            largest.size() > NAMED_CITIES
                ? ", … the smallest %,d".formatted(sizes.rowsOf(largest.getLast(), proposal.rows()))
                : "",
            isExact()
                ? ""
                : " (estimated by %,d rows; there may be more cities)".formatted(sizes.counted()));
  }

  private static String name(CityRows city) {
    return city.name() == null ? "(NULL, never indexed)" : CityWords.name(city.name());
  }

  private List<String> statements() {
    List<String> lines = new ArrayList<>();
    List<Finding> needed = lacking.stream().filter(finding -> !finding.isAdvice()).toList();
    if (needed.isEmpty()) {
      lines.add("-- The database has what is needed.");
    } else {
      lines.add(
          "-- The database lacks this. Nothing was changed: let somebody who may run it, on the");
      lines.add("-- source if there are replicas, look at it first.");
      needed.forEach(finding -> lines.addAll(lines(finding)));
    }
    if (needed.size() < lacking.size()) {
      lines.add("");
      lines.add("-- Advice: this could be done besides.");
      lacking.stream().filter(Finding::isAdvice).forEach(finding -> lines.addAll(lines(finding)));
    }
    return lines;
  }

  /** What is only advice is a comment, so that nobody runs it with the rest. */
  private static List<String> lines(Finding finding) {
    boolean isStatement = STATEMENT.matcher(finding.fix()).matches();
    String fix = isStatement ? finding.fix() + ";" : YamlText.oneLine(finding.fix());
    return List.of(
        "",
        "-- %s (%s)"
            .formatted(YamlText.oneLine(finding.what()), YamlText.oneLine(finding.evidence())),
        finding.isAdvice() ? "-- " + fix : isStatement ? fix : "-- To do: " + fix);
  }
}
