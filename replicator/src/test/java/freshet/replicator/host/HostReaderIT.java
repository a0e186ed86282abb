package freshet.replicator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostReaderIT {
  @TempDir Path root;
  private HostReader reader;
  private Path folder;

  @BeforeEach
  void folders() throws IOException {
    reader = new HostReader(root.resolve("proc"), root.resolve("cgroup"));
    folder = Files.createDirectory(root.resolve("data"));
  }

  @Test
  void readsWhatTheKernelTells() throws IOException {
    write(
        "proc/self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max processes             96551                96551                processes
        Max open files            1024                 524288               files
        """);
    write("proc/sys/vm/max_map_count", "65530\n");
    write("cgroup/memory.max", "2147483648\n");

    HostFigures figures = read();

    assertThat(figures.openFiles()).isEqualTo(1024);
    assertThat(figures.maps()).isEqualTo(65_530);
    assertThat(figures.memoryBytes()).isEqualTo(2_147_483_648L);
    assertThat(figures.hasHardLinks()).isTrue();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void noLimitIsMoreThanAnyNeed() throws IOException {
    write(
        "proc/self/limits", "Max open files            unlimited            unlimited    files\n");
    write("cgroup/memory.max", "max\n");

    assertThat(read().openFiles()).isEqualTo(Long.MAX_VALUE);
    assertThat(read().memoryBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theFirstVersionOfGroupsIsReadToo() throws IOException {
    write("cgroup/memory/memory.limit_in_bytes", "1073741824\n");
    assertThat(read().memoryBytes()).isEqualTo(1_073_741_824L);

    write("cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(read().memoryBytes()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatIsNotThereIsNotKnown() throws IOException {
    write("proc/sys/vm/max_map_count", "many\n");

    assertThat(read().openFiles()).isNull();
    assertThat(read().maps()).isNull();
    assertThat(read().memoryBytes()).isNull();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void thisHostTellsAllOfIt() {
    HostFigures figures =
        new HostReader(Path.of("/proc"), Path.of("/sys/fs/cgroup")).read(folder, folder);

    assertThat(figures.openFiles()).isPositive();
    assertThat(figures.maps()).isPositive();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "/dev/vda 16777216 465506 16311710 3% /, 16311710",
        "/dev/vda 100 100 0 100% /a folder, 0",
        "btrfs 0 0 0 - /, none",
        "nothing, none",
      })
  void freeInodesAsDfTellsThem(String line, Long expected) {
    assertThat(HostReader.freeInodes(line)).isEqualTo(expected);
  }

  private HostFigures read() {
    return reader.read(folder, folder);
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
