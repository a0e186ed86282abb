package freshet.indexer.alert;

import freshet.indexer.alert.MasterObservation.SlaveSeen;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The slaves that a master has heard of, as a restart must not forget them: one that was silent
 * before it is so after it, or its incident would count as over. The others get the time anew in
 * which they have to report.
 *
 * @param slaves ordered by name
 */
public record HeardSlaves(List<Heard> slaves) {
  /** Nobody was heard of. */
  public static final HeardSlaves NONE = new HeardSlaves(List.of());

  /** Copies the list. */
  public HeardSlaves {
    slaves = List.copyOf(slaves);
  }

  /**
   * One of them.
   *
   * @param name of it
   * @param silentSince when it reported last; null if that was lately
   * @param told see {@link SlaveSeen}
   */
  public record Heard(String name, @Nullable Instant silentSince, @Nullable List<String> told) {
    /** Copies the list. */
    public Heard {
      told = told == null ? null : List.copyOf(told);
    }
  }

  /** These, as of a moment. */
  public static HeardSlaves of(List<SlaveSeen> seen, Instant now) {
    return new HeardSlaves(
        seen.stream()
            .map(
                slave ->
                    new Heard(
                        slave.name(),
                        slave.reportedAt().plus(MasterSymptoms.SILENCE).isBefore(now)
                            ? slave.reportedAt()
                            : null,
                        slave.told()))
            .toList());
  }

  /** As a master sees them that starts at a moment. */
  public List<SlaveSeen> seen(Instant start) {
    return slaves.stream()
        .map(
            slave -> {
              Instant silent = slave.silentSince();
              Instant reported = silent != null && silent.isBefore(start) ? silent : start;
              return new SlaveSeen(slave.name(), reported, null, slave.told());
            })
        .toList();
  }
}
