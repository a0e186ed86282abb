package freshet.indexer.session;

import freshet.indexer.connect.Endpoint;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which server is asked next, and why: a pure decision. */
final class EndpointChoice {

  /** Why a server stands where it does in the order; the constants are in that order. */
  enum Standing {
    /** Nothing speaks against it. */
    SOUND("it answers and is not far behind"),
    /** Its lag is above the bound. */
    LAGGING("it is far behind"),
    /** Its lag is not known. */
    LAG_UNKNOWN("nobody knows how far it is behind"),
    /** Its breaker is open. */
    FAILING("it failed several times in a row");

    private final String words;

    Standing(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * What is known of a server.
   *
   * @param isFailing whether its breaker is open
   * @param lag as measured lately; null if it was not
   */
  record Candidate(Endpoint endpoint, boolean isFailing, @Nullable Lag lag) {

    Standing standing(Duration maxLag) {
      if (isFailing) {
        return Standing.FAILING;
      }
      if (lag == null || isGood(lag, maxLag)) {
        return Standing.SOUND;
      }
      return lag instanceof Lag.Known ? Standing.LAGGING : Standing.LAG_UNKNOWN;
    }
  }

  private EndpointChoice() {}

  /**
   * The order in which servers are asked: by standing, those that lag by how much, and equals as
   * configured. One that failed comes last but comes: better a try than none.
   *
   * @param candidates in the configured order
   */
  static List<Candidate> inOrder(List<Candidate> candidates, Duration maxLag) {
    return candidates.stream()
        .sorted(
            Comparator.comparing((Candidate candidate) -> candidate.standing(maxLag))
                .thenComparing(
                    candidate ->
                        candidate.standing(maxLag) == Standing.SOUND
                            ? Duration.ZERO
                            : known(candidate.lag())))
        .toList();
  }

  /** Whether a server with this lag is taken without looking at others. */
  static boolean isGood(Lag lag, Duration maxLag) {
    return lag instanceof Lag.Known(Duration atMost) && atMost.compareTo(maxLag) <= 0;
  }

  /**
   * Whether a server may turn out better than the best that was found so far.
   *
   * @param best the lag of that one; null if none was found
   */
  static boolean isWorthAsking(Candidate candidate, @Nullable Lag best, Duration maxLag) {
    if (best == null) {
      return true;
    }
    Lag lately = candidate.lag();
    return !isGood(best, maxLag)
        && !candidate.isFailing()
        && (lately == null || isLess(lately, best));
  }

  /** Whether a server with the one lag is to be preferred to an earlier one with the other. */
  static boolean isLess(Lag lag, Lag other) {
    return known(lag).compareTo(known(other)) < 0;
  }

  private static Duration known(@Nullable Lag lag) {
    return lag instanceof Lag.Known(Duration atMost) ? atMost : Duration.ofDays(Short.MAX_VALUE);
  }
}
