package freshet.replicator.serve;

import java.time.Duration;
import java.util.List;

/**
 * How long a handshake with the database took, in parts that follow each other.
 *
 * @param parts of one round trip at least each; one at least
 */
public record Handshake(List<Duration> parts) {

  /** Copies the list. */
  public Handshake {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a handshake has one part at least");
    }
  }

  /** One of which no parts are known. */
  static Handshake whole(Duration took) {
    return new Handshake(List.of(took));
  }

  /** All parts together. */
  Duration total() {
    return parts.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
