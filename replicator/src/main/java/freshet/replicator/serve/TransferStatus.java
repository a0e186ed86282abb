package freshet.replicator.serve;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What serving takes at the moment.
 *
 * @param transfers files that are being sent, small ones not counted
 * @param maxTransfers of which there are at one time
 * @param refused requests so far that were told to come back later
 * @param sentBytes so far
 * @param bytesPerSecond that are being sent
 * @param maxBytesPerSecond at present; null for no cap
 * @param handshake how long the newest one with the database took; null if none is known
 * @param idleHandshake how long one takes while nothing is sent; null if that is not known
 * @param slowedSince since when less is sent than is allowed, since handshakes are slow; null if
 *     all that is allowed
 */
public record TransferStatus(
    int transfers,
    int maxTransfers,
    long refused,
    long sentBytes,
    long bytesPerSecond,
    @Nullable Long maxBytesPerSecond,
    @Nullable Duration handshake,
    @Nullable Duration idleHandshake,
    @Nullable Instant slowedSince) {

  /** One sentence for people. */
  public String sentence() {
    String rate =
        "%d of at most %d transfers, %,d bytes a second%s"
            .formatted(
                transfers,
                maxTransfers,
                bytesPerSecond,
                maxBytesPerSecond == null ? "" : " of at most %,d".formatted(maxBytesPerSecond));
    return slowedSince == null
        ? rate
        : "%s; slowed down since %s: handshakes with the database take %s, %s while nothing is sent"
            .formatted(rate, slowedSince, millis(handshake), millis(idleHandshake));
  }

  private static String millis(@Nullable Duration duration) {
    return duration == null ? "too long" : duration.toMillis() + " ms";
  }
}
