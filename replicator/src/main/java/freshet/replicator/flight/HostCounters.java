package freshet.replicator.flight;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel has counted since it was started. What it does not tell is null.
 *
 * @param retransmits TCP segments sent again
 * @param synRetransmits those that were to open a connection
 * @param drops packets of TCP dropped since a queue was full
 * @param cpu time of the processors
 * @param waitedMicros in which some task waited for a disk
 * @param busyMillis of each disk; empty if it is not told
 * @param missing what is not told, and why
 */
record HostCounters(
    @Nullable Long retransmits,
    @Nullable Long synRetransmits,
    @Nullable Long drops,
    ProcText.@Nullable Cpu cpu,
    @Nullable Long waitedMicros,
    SortedMap<String, Long> busyMillis,
    List<String> missing) {
  private static final double PERCENT = 100.0;

  HostCounters {
    busyMillis = Collections.unmodifiableSortedMap(new TreeMap<>(busyMillis));
    missing = List.copyOf(missing);
  }

  /** How far a counter went; null if it is not known, or began anew. */
  static @Nullable Long growth(@Nullable Long before, @Nullable Long now) {
    return before == null || now == null || now < before ? null : Long.valueOf(now - before);
  }

  /** The share that other guests had of what passed; null if it is not known. */
  @Nullable Double stealPercentSince(HostCounters before) {
    if (cpu == null || before.cpu() == null) {
      return null;
    }
    Long total = growth(before.cpu().total(), cpu.total());
    Long steal = growth(before.cpu().steal(), cpu.steal());
    return total == null || steal == null || total == 0
        ? null
        : Double.valueOf(Math.min(PERCENT, PERCENT * steal / total));
  }

  /** How long some task waited for a disk; null if it is not known. */
  @Nullable Duration waitedSince(HostCounters before) {
    Long micros = growth(before.waitedMicros(), waitedMicros);
    return micros == null ? null : Duration.ofNanos(micros * 1_000);
  }

  /** How long the busiest disk was at work; null if it is not known. */
  @Nullable Duration busySince(HostCounters before) {
    Long most = null;
    for (var disk : busyMillis.entrySet()) {
      Long millis = growth(before.busyMillis().get(disk.getKey()), disk.getValue());
      if (millis != null && (most == null || millis > most)) {
        most = millis;
      }
    }
    return most == null ? null : Duration.ofMillis(most);
  }
}
