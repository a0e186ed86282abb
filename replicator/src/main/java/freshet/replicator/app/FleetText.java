package freshet.replicator.app;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.freshness.Words;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What slaves reported of themselves, one a line. */
public final class FleetText {
  private FleetText() {}

  /**
   * How many there are, and how old what they serve is, as of their reports.
   *
   * @param slaves see {@link #lines}
   */
  public static String summary(JsonNode slaves) {
    String count = Count.of(slaves.size(), "slave") + " reported lately";
    return slaves.isEmpty()
        ? count
        : "%s; age %s"
            .formatted(
                count,
                Words.spread(
                    slaves.valueStream().map(slave -> age(slave.path("report"))).toList()));
  }

  private static Age age(JsonNode report) {
    try {
      return status(report).age().age();
    } catch (FormatException | RuntimeException e) {
      // One of another version, which may lack what is asked for.
      return new Age.Unknown("of another version");
    }
  }

  private static SlaveStatus status(JsonNode report) throws FormatException {
    byte[] json = report.toString().getBytes(StandardCharsets.UTF_8);
    return SnapshotCodec.read(json, SlaveStatus.class, "the report");
  }

  /**
   * The lines.
   *
   * @param slaves each with its name, when it reported, and its report, as GET /slaves has them
   */
  public static List<String> lines(JsonNode slaves) {
    List<String> lines = new ArrayList<>();
    for (JsonNode slave : slaves) {
      lines.add(
          "slave %s %s; reported at %s"
              .formatted(
                  slave.path("name").asText(),
                  of(slave.path("report")),
                  slave.path("reportedAt").asText()));
    }
    return lines;
  }

  private static String of(JsonNode report) {
    try {
      return of(status(report));
    } catch (FormatException e) {
      // One of another version: what all of them have.
      return "serves %s: %s"
          .formatted(
              report.path("generation").asText("nothing"), report.path("waitsFor").asText(""));
    }
  }

  private static String of(SlaveStatus status) {
    String age =
        switch (status.age().age()) {
          case Age.Known known -> "%,d ms old at most".formatted(known.atMost().toMillis());
          case Age.Unknown unknown -> "of unknown age: " + unknown.reason();
        };
    String line =
        "serves %s, %s, %s%s; last pull: %s; %,d bytes fetched, %,d replayed, %,d free; %s"
            .formatted(
                status.generation() == null ? "nothing" : status.generation(),
                age,
                Count.of(status.age().cities(), "city", "cities"),
                status.canary() == null ? "" : "; canary: " + status.canary().sentence(),
                status.lastPull() == null ? "none yet" : status.lastPull(),
                status.fetchedBytes(),
                status.replayedBytes(),
                status.freeBytes(),
                status.waitsFor());
    return status.findings().isEmpty()
        ? line
        : line + "; finding: " + String.join("; finding: ", status.findings());
  }
}
