package freshet.replicator.host;

import freshet.replicator.files.HardLinks;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the kernel tells of its limits.
 *
 * @param proc where the kernel tells of processes, usually /proc
 * @param cgroup where it tells of this process's group, usually /sys/fs/cgroup
 */
record HostReader(Path proc, Path cgroup) {
  private static final Pattern OPEN_FILES = Pattern.compile("Max open files +(\\S+) .*");
  private static final Pattern INODES =
      Pattern.compile("\\S+ +([0-9]+) +[0-9]+ +([0-9]+) +\\S+ .*");

  /** Limits of version 1 that mean none are near the largest number of bytes. */
  private static final long NO_LIMIT = 1L << 60;

  /** Of files that are written below one existing folder and linked into another. */
  HostFigures read(Path written, Path kept) {
    return new HostFigures(
        openFiles(),
        number(proc.resolve("sys/vm/max_map_count")),
        memory(),
        freeInodes(written),
        HardLinks.work(written, kept).orElse(null));
  }

  private @Nullable Long openFiles() {
    for (String line : lines(proc.resolve("self/limits"))) {
      Matcher matcher = OPEN_FILES.matcher(line);
      if (matcher.matches()) {
        return limit(matcher.group(1));
      }
    }
    return null;
  }

  private @Nullable Long memory() {
    Long limit = number(cgroup.resolve("memory.max"));
    return limit == null ? number(cgroup.resolve("memory/memory.limit_in_bytes")) : limit;
  }

  private static @Nullable Long number(Path file) {
    List<String> lines = lines(file);
    return lines.isEmpty() ? null : limit(lines.getFirst().strip());
  }

  private static @Nullable Long limit(String text) {
    if (text.equals("unlimited") || text.equals("max")) {
      return Long.MAX_VALUE;
    }
    try {
      long limit = Long.parseLong(text);
      return limit > NO_LIMIT ? Long.MAX_VALUE : limit;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Java has no way to ask for inodes; df has, on every system with /proc. */
  private static @Nullable Long freeInodes(Path folder) {
    try {
      Process df =
          new ProcessBuilder("df", "-Pi", folder.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      df.getOutputStream().close();
      String last = "";
      try (BufferedReader out = df.inputReader(StandardCharsets.UTF_8)) {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
          last = line;
        }
      }
      return freeInodes(last);
    } catch (IOException e) {
      return null;
    }
  }

  /** Of a line of df -Pi; null for a file system that makes inodes as it needs them. */
  static @Nullable Long freeInodes(String line) {
    Matcher matcher = INODES.matcher(line);
    return matcher.matches() && Long.parseLong(matcher.group(1)) > 0
        ? Long.valueOf(matcher.group(2))
        : null;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      return List.of();
    }
  }
}
