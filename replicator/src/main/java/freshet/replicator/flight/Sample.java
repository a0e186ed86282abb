package freshet.replicator.flight;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What happened since the sample before. What the host does not tell is null.
 *
 * @param at when it was taken, by this host's clock
 * @param over how long since the one before: about a second
 * @param servedBytes that were sent to slaves
 * @param transfers files that were being sent when it was taken
 * @param retransmits TCP segments that this host sent again
 * @param synRetransmits those of them that were to open a connection
 * @param drops packets of TCP that this host dropped, since queues were full
 * @param gcPauses times that the garbage collector stopped this process
 * @param gcPaused how long, together
 * @param gcLongest the longest of them
 * @param stealPercent of the processors' time, taken by other guests of the hypervisor
 * @param diskWait for how long some task of the host waited for a disk
 * @param diskBusy for how long the busiest disk was at work
 */
public record Sample(
    Instant at,
    Duration over,
    long servedBytes,
    int transfers,
    @Nullable Long retransmits,
    @Nullable Long synRetransmits,
    @Nullable Long drops,
    int gcPauses,
    Duration gcPaused,
    Duration gcLongest,
    @Nullable Double stealPercent,
    @Nullable Duration diskWait,
    @Nullable Duration diskBusy) {

  /** Whether slaves were being sent something. */
  boolean isServing() {
    return servedBytes > 0 || transfers > 0;
  }
}
