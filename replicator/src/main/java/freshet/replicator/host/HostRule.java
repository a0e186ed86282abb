package freshet.replicator.host;

import java.util.ArrayList;
import java.util.List;

/** Holds what a host gives against what is needed. Pure. */
public final class HostRule {
  /** Below this not even the libraries can be opened. */
  private static final long LEAST_OPEN_FILES = 256;

  private static final long MEGABYTE = 1L << 20;

  private HostRule() {}

  /** What is less than needed; empty if all is well. */
  public static List<HostFinding> findings(HostFigures host, HostNeeds needs) {
    List<HostFinding> findings = new ArrayList<>();
    if (Boolean.FALSE.equals(host.hasHardLinks())) {
      findings.add(
          new HostFinding(
              "files can't be shared between the folder they are written to and the one they are"
                  + " kept in",
              "no hard links",
              "hard links",
              "put both folders on one file system that has hard links, such as ext4 or xfs",
              true));
    }
    Long files = host.openFiles();
    if (files != null && files < needs.openFiles()) {
      findings.add(
          new HostFinding(
              "open files are limited: connections will be refused, and indexes not opened",
              "%,d".formatted(files),
              "%,d".formatted(needs.openFiles()),
              "LimitNOFILE=%d in the unit of the service, or ulimit -n %d before the start"
                  .formatted(needs.openFiles(), needs.openFiles()),
              files < LEAST_OPEN_FILES));
    }
    Long maps = host.maps();
    if (maps != null && maps < needs.maps()) {
      findings.add(
          new HostFinding(
              "vm.max_map_count is low: with so many cities segments will fail to open",
              "%,d".formatted(maps),
              "%,d".formatted(needs.maps()),
              "sysctl -w vm.max_map_count=%d, and the same in /etc/sysctl.d"
                  .formatted(needs.maps()),
              false));
    }
    Long memory = host.memoryBytes();
    if (memory != null && memory < needs.memoryBytes()) {
      findings.add(
          new HostFinding(
              "the memory limit is near the heap: the kernel will kill the process",
              "%,d MB".formatted(memory / MEGABYTE),
              "%,d MB for a heap of %,d MB"
                  .formatted(needs.memoryBytes() / MEGABYTE, needs.heapBytes() / MEGABYTE),
              "raise the limit (MemoryMax= of the unit, --memory of the container), or lower the"
                  + " heap with -Xmx",
              false));
    }
    Long inodes = host.freeInodes();
    if (inodes != null && inodes < needs.inodes()) {
      findings.add(
          new HostFinding(
              "the file system has few inodes left: no file will be written though it has space",
              "%,d".formatted(inodes),
              "%,d".formatted(needs.inodes()),
              "remove files that are not needed (df -i shows the file system), or use another one",
              false));
    }
    return findings;
  }
}
