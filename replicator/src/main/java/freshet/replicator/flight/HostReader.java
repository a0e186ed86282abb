package freshet.replicator.flight;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the kernel's counters.
 *
 * @param proc where its files are: /proc, or a folder of a test
 */
record HostReader(Path proc) {
  /** Where Linux has them. */
  static final Path PROC = Path.of("/proc");

  /** What stands there now; never fails. */
  HostCounters read() {
    List<String> missing = new ArrayList<>();
    String snmp = text("net/snmp", "TCP retransmits", missing);
    String netstat = text("net/netstat", "TCP drops", missing);
    String stat = text("stat", "CPU steal", missing);
    String pressure = text("pressure/io", "disk wait", missing);
    String disks = text("diskstats", "disks at work", missing);
    SortedMap<String, Long> busy = ProcText.busy(disks);
    return new HostCounters(
        known(ProcText.counter(snmp, "Tcp", "RetransSegs")),
        known(ProcText.counter(netstat, "TcpExt", "TCPSynRetrans")),
        drops(netstat),
        ProcText.cpu(stat).orElse(null),
        known(ProcText.waited(pressure)),
        busy,
        missing);
  }

  /** What listeners, backlogs and receive queues had no room for; older kernels count fewer. */
  private static @Nullable Long drops(String netstat) {
    Long sum = null;
    for (String name : List.of("ListenDrops", "TCPBacklogDrop", "TCPRcvQDrop")) {
      OptionalLong drops = ProcText.counter(netstat, "TcpExt", name);
      if (drops.isPresent()) {
        sum = (sum == null ? 0 : sum) + drops.getAsLong();
      }
    }
    return sum;
  }

  private static @Nullable Long known(OptionalLong value) {
    return value.isPresent() ? Long.valueOf(value.getAsLong()) : null;
  }

  private String text(String name, String what, List<String> missing) {
    Path file = proc.resolve(name);
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      missing.add("%s: %s is not there".formatted(what, file));
    } catch (IOException e) {
      missing.add("%s: %s can't be read: %s".formatted(what, file, e));
    }
    return "";
  }
}
