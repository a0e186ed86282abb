package freshet.replicator.flight;

import java.util.List;

/**
 * The minute before a failure.
 *
 * @param format of this file
 * @param node that recorded it
 * @param failure the first of its kind within the minute after which another recording is made
 * @param samples the oldest first; fewer than sixty if the process had just been started
 * @param connects to databases, the oldest first
 * @param missing what the host does not tell, and why, in words
 */
public record Recording(
    int format,
    String node,
    Failure failure,
    List<Sample> samples,
    List<Connect> connects,
    List<String> missing) {
  /** What this version writes. */
  static final int FORMAT = 1;

  /** Copies the lists. */
  public Recording {
    samples = List.copyOf(samples);
    connects = List.copyOf(connects);
    missing = List.copyOf(missing);
  }
}
