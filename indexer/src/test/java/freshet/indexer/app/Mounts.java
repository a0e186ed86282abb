package freshet.indexer.app;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * File systems that are small, or can't be written: mounted, which takes root, over folders that
 * other processes use. All are unmounted at the end.
 */
final class Mounts {
  private static final String FILLER = "filler";
  private static final long ROOM = 1 << 20;

  private final List<Path> mounted = new ArrayList<>();

  /** Whether this process may mount anything. */
  static boolean isAllowed(Path scratch) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(scratch);
    if (run("mount", "-t", "tmpfs", "freshet-test", folder.toString()) != 0) {
      return false;
    }
    return run("umount", folder.toString()) == 0;
  }

  /** Makes a folder a file system of its own, of 32 MB. */
  void small(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    mount(folder, "-t", "tmpfs", "-o", "size=32m", "freshet-test");
  }

  /** Fills the file system of this folder to its last byte. */
  static void fill(Path folder) throws IOException {
    byte[] some = new byte[1 << 12];
    try (OutputStream filler = Files.newOutputStream(folder.resolve(FILLER))) {
      while (true) {
        filler.write(some);
      }
    } catch (IOException e) {
      // Other processes may have removed a little meanwhile.
      if (Files.getFileStore(folder).getUsableSpace() >= ROOM) {
        throw e;
      }
    }
  }

  /** Makes room again. */
  static void makeRoom(Path folder) throws IOException {
    Files.delete(folder.resolve(FILLER));
  }

  /** What is in this folder can be read from now on, and not changed. */
  void readOnly(Path folder) throws IOException, InterruptedException {
    mount(folder, "--bind", folder.toString());
    expectDone("mount", "-o", "remount,bind,ro", folder.toString());
  }

  /** It is as it was before. */
  void unmount(Path folder) throws IOException, InterruptedException {
    // Processes that have files open there keep them.
    expectDone("umount", "--lazy", folder.toString());
    mounted.remove(folder);
  }

  /** Unmounts all; also to be called after a failure. */
  void close() throws IOException, InterruptedException {
    for (Path folder : List.copyOf(mounted)) {
      unmount(folder);
    }
  }

  private void mount(Path folder, String... how) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(how));
    command.add(folder.toString());
    expectDone(command.toArray(String[]::new));
    mounted.add(folder);
  }

  private static void expectDone(String... command) throws IOException, InterruptedException {
    int code = run(command);
    if (code != 0) {
      throw new IOException("%s ended with %d".formatted(String.join(" ", command), code));
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start().waitFor();
  }
}
