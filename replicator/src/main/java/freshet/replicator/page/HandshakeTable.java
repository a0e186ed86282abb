package freshet.replicator.page;

import freshet.replicator.freshness.Words;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The phases of the handshakes with one server as histograms: bars, and the counts as text. */
final class HandshakeTable {
  private static final int BAR_WIDTH = 8;
  private static final int HEIGHT = 28;

  private HandshakeTable() {}

  static Html of(String endpoint, List<PhaseHistogram> phases) {
    List<String> columns = new ArrayList<>(List.of("Phase", "Picture", "All"));
    List<Duration> bounds = phases.getFirst().bounds();
    bounds.forEach(bound -> columns.add("≤ " + Words.duration(bound)));
    columns.add("above");
    Html table = Tables.begin("Handshakes with " + endpoint, columns.toArray(String[]::new));
    for (PhaseHistogram phase : phases) {
      table.open("tr").element("th", phase.phase(), "scope", "row");
      table.open("td").add(bars(phase)).close("td");
      Tables.number(table, "%,d".formatted(phase.total()));
      phase.counts().forEach(count -> Tables.number(table, "%,d".formatted(count)));
      table.close("tr");
    }
    return Tables.end(table);
  }

  /** The counts stand beside it, so that it needs no other text. */
  private static Html bars(PhaseHistogram phase) {
    long most = phase.counts().stream().mapToLong(Long::longValue).max().orElse(0);
    Html svg =
        new Html()
            .open(
                "svg",
                "class",
                "bars",
                "viewBox",
                "0 0 %d %d".formatted(phase.counts().size() * BAR_WIDTH, HEIGHT),
                "aria-hidden",
                "true");
    for (int i = 0; i < phase.counts().size(); i++) {
      long count = phase.counts().get(i);
      // By the root, so that one slow handshake beside thousands of quick ones is seen.
      int height = most == 0 ? 0 : (int) Math.ceil((HEIGHT - 2) * Math.sqrt((double) count / most));
      svg.element(
          "rect",
          "",
          "x",
          "" + (i * BAR_WIDTH + 1),
          "y",
          "" + (HEIGHT - height),
          "width",
          "" + (BAR_WIDTH - 2),
          "height",
          "" + height);
    }
    return svg.close("svg");
  }
}
