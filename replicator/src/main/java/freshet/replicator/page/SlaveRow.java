package freshet.replicator.page;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.freshness.Age;
import freshet.replicator.freshness.SlaveStatus;
import freshet.replicator.freshness.StageAges;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A slave, as it reported of itself.
 *
 * @param name of it
 * @param reportedAt when its last report came, by this host's clock
 * @param age as of that report and the time since; unknown for a report that can't be read
 * @param canary how old the one is that it finds, as of then too; null if it searches for none
 * @param stages of that age; the time since counts as waiting for a pull
 * @param status the report; null for one of another version
 */
public record SlaveRow(
    String name,
    Instant reportedAt,
    Age age,
    @Nullable Age canary,
    StageAges stages,
    @Nullable SlaveStatus status) {
  /** Unknown ages first, then the oldest. */
  public static final Comparator<SlaveRow> SLOWEST_FIRST =
      Comparator.comparing(SlaveRow::orderedAge).reversed().thenComparing(SlaveRow::name);

  private static final Duration UNKNOWN = Duration.ofSeconds(Long.MAX_VALUE);

  /** Reads a report, which is not trusted to be well-formed. */
  public static SlaveRow of(String name, Instant reportedAt, JsonNode report, Instant now) {
    byte[] json = report.toString().getBytes(StandardCharsets.UTF_8);
    try {
      SlaveStatus status = SnapshotCodec.read(json, SlaveStatus.class, "the report");
      Duration since = Duration.between(reportedAt, now);
      Duration silent = since.isNegative() ? Duration.ZERO : since;
      return new SlaveRow(
          name,
          reportedAt,
          older(status.age().age(), silent),
          status.canary() == null ? null : older(status.canary().age(), silent),
          status.age().stages().waitingLonger(silent),
          status);
    } catch (FormatException | RuntimeException e) {
      Age unknown = new Age.Unknown("its report can't be read: it may run another version");
      return new SlaveRow(name, reportedAt, unknown, null, StageAges.NONE, null);
    }
  }

  private static Age older(Age then, Duration silent) {
    return switch (then) {
      case Age.Known known -> new Age.Known(known.atMost().plus(silent));
      case Age.Unknown unknown -> unknown;
    };
  }

  private Duration orderedAge() {
    return switch (age) {
      case Age.Known known -> known.atMost();
      case Age.Unknown unknown -> UNKNOWN;
    };
  }
}
