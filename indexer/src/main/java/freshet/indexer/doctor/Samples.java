package freshet.indexer.doctor;

import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.session.SourceException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Many connects to one server.
 *
 * @param wanted how many were asked for
 * @param tried how many were made or failed; fewer if they failed alike one after the other
 * @param phases of those that were made, by phase; empty if there is none
 * @param total of those that were made; null if there is none
 * @param failures of the others, by kind and phase
 */
public record Samples(
    int wanted,
    int tried,
    Map<ConnectPhase, Spread> phases,
    @Nullable Spread total,
    List<Failure> failures) {

  /**
   * Connects that failed alike.
   *
   * @param kind class of {@link freshet.indexer.session.SourceException}, without its package
   * @param phase in which they ended; null if after the connect
   * @param isTimedOut whether a deadline of ours ended them
   * @param count how many
   * @param message of the first
   */
  public record Failure(
      String kind, @Nullable ConnectPhase phase, boolean isTimedOut, int count, String message) {

    /** What a failure counts as. */
    static Failure of(SourceException failure) {
      String kind = failure.getClass().getSimpleName();
      String message = String.valueOf(failure.getMessage());
      return failure.getCause() instanceof ConnectFailure connect
          ? new Failure(kind, connect.phase(), connect.isTimedOut(), 1, message)
          : new Failure(kind, null, false, 1, message);
    }

    /** The same, once more. */
    Failure again() {
      return new Failure(kind, phase, isTimedOut, count + 1, message);
    }

    /** Whether it is of the same kind, in the same phase. */
    boolean isLike(Failure other) {
      return kind.equals(other.kind) && phase == other.phase && isTimedOut == other.isTimedOut;
    }
  }

  /** Copies map and list. */
  public Samples {
    EnumMap<ConnectPhase, Spread> copy = new EnumMap<>(ConnectPhase.class);
    copy.putAll(phases);
    phases = Collections.unmodifiableMap(copy);
    failures = List.copyOf(failures);
  }

  /** Adds a failure to those that are like it. */
  static void count(List<Failure> failures, Failure failure) {
    for (int i = 0; i < failures.size(); i++) {
      if (failures.get(i).isLike(failure)) {
        failures.set(i, failures.get(i).again());
        return;
      }
    }
    failures.add(failure);
  }

  /** These, and a failure that followed them. */
  Samples with(SourceException failure) {
    List<Failure> all = new ArrayList<>(failures);
    count(all, Failure.of(failure));
    return new Samples(wanted, tried, phases, total, all);
  }

  /** How many failed. */
  int failed() {
    return failures.stream().mapToInt(Failure::count).sum();
  }
}
