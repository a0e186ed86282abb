package freshet.indexer.benchmark.build;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What Linux and the JVM say of processes. */
final class ProcessFigures {
  private static final Path OWN_IO = Path.of("/proc/self/io");
  private static final long KILOBYTE = 1024;

  private ProcessFigures() {}

  /** CPU time of this process so far. */
  static Duration cpu() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return Duration.ofNanos(system.getProcessCpuTime());
  }

  /**
   * Bytes that this process has sent to the disk so far, in whole pages; those of ended child
   * processes count too.
   */
  static long writtenBytes() throws IOException {
    return number(OWN_IO, "write_bytes:")
        .orElseThrow(() -> new IOException(OWN_IO + " has no write_bytes"));
  }

  /** The most memory that a process had at one time, by its status file; 0 if it has ended. */
  static long peakBytes(Path status) {
    try {
      return number(status, "VmHWM:").orElse(0L) * KILOBYTE;
    } catch (IOException e) {
      return 0;
    }
  }

  private static Optional<Long> number(Path file, String key) throws IOException {
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      if (line.startsWith(key)) {
        return Optional.of(Long.valueOf(line.substring(key.length()).replace("kB", "").strip()));
      }
    }
    return Optional.empty();
  }
}
