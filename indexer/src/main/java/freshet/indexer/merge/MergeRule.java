package freshet.indexer.merge;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * Which merges begin, go on, pause and wait. The smaller comes first, and a merge that has begun
 * pauses while as many smaller ones are at work as there are threads: otherwise one merge of hours
 * would keep the small ones of all other cities waiting, and their segments would pile up.
 */
final class MergeRule {
  private MergeRule() {}

  /** A merge by what the rule goes by: its size, and for equal ones who came first. */
  record Candidate(long bytes, long order) implements Comparable<Candidate> {
    @Override
    public int compareTo(Candidate other) {
      int bySize = Long.compare(bytes, other.bytes);
      return bySize != 0 ? bySize : Long.compare(order, other.order);
    }
  }

  /** Whether a merge of this size may begin, or go on, at this time of the day. */
  static boolean admits(MergeLimits limits, long bytes, Instant now) {
    return bytes <= limits.bigAboveBytes() || limits.bigHours().areOpen(now);
  }

  /** Whether one more may begin beside those that have: up to twice the threads, to pause some. */
  static boolean mayBegin(Candidate next, Collection<Candidate> begun, int threads) {
    return begun.size() < threads
        || (begun.size() < 2 * threads && begun.stream().anyMatch(one -> next.compareTo(one) < 0));
  }

  /** Whether one that has begun is among those that work now. */
  static boolean mayGoOn(Candidate one, Collection<Candidate> begun, int threads) {
    return begun.stream().filter(other -> other.compareTo(one) < 0).count() < threads;
  }

  /** Why a merge waits, in words; empty if only for its turn. */
  static Optional<String> reasonToWait(
      MergeLimits limits, long bytes, Optional<MergeFailure> failure, Instant now) {
    if (failure.isPresent() && failure.get().isTooFresh(now)) {
      return Optional.of(failure.get().toString());
    }
    return admits(limits, bytes, now)
        ? Optional.empty()
        : Optional.of(
            "it is larger than merge.big_above (%,d bytes), and merge.big_hours are %s: it may begin at %s"
                .formatted(
                    limits.bigAboveBytes(), limits.bigHours(), limits.bigHours().openNext(now)));
  }
}
