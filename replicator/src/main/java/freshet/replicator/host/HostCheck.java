package freshet.replicator.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Looks whether the host that this process runs on has what it needs. */
public final class HostCheck {
  private static final HostReader KERNEL =
      new HostReader(Path.of("/proc"), Path.of("/sys/fs/cgroup"));

  private HostCheck() {}

  /**
   * Looks.
   *
   * @param written the folder that files are written to; if it is absent, the one that it will be
   *     made in counts
   * @param kept the folder that they are linked into
   */
  public static List<HostFinding> check(Path written, Path kept, HostNeeds needs) {
    return HostRule.findings(KERNEL.read(existing(written), existing(kept)), needs);
  }

  /** The folder, or the nearest one above it that is there. */
  static Path existing(Path folder) {
    Path at = folder.toAbsolutePath();
    while (!Files.isDirectory(at)) {
      Path parent = at.getParent();
      if (parent == null) {
        return at;
      }
      at = parent;
    }
    return at;
  }
}
