package freshet.indexer.route;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The heap that a routing table needs, by processes that have no more, and what is left of one that
 * is killed. Ten million documents were measured the same way: docs/benchmarks.md.
 */
@Timeout(300)
class RoutingMemorySystemIT {
  /** In a HashMap their keys and places alone take several times the heap. */
  private static final int DOCUMENTS = 2_000_000;

  private static final String HEAP = "-Xmx80m";

  @TempDir Path folder;

  private Process start(int documents) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            HEAP,
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            RoutesMain.class.getName(),
            folder.toString(),
            String.valueOf(documents))
        .redirectErrorStream(true)
        .start();
  }

  @Test
  void millionsOfRandomIdsFitASmallHeap() throws Exception {
    Process process = start(DOCUMENTS);
    List<String> said = new ArrayList<>();
    try (BufferedReader output = process.inputReader()) {
      output.lines().filter(line -> !line.startsWith(RoutesMain.SAYS)).forEach(said::add);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(said).as("%s", said).endsWith(RoutesMain.ENDED);
  }

  @Test
  void oneThatIsKilledWhileItIsLearntStandsForWhatItStoodForBefore() throws Exception {
    int before = 1_000;
    try (RoutingTable table = RoutingTable.open(folder)) {
      RoutesMain.learn(table, before);
    }
    Process process = start(DOCUMENTS);
    try (BufferedReader output = process.inputReader()) {
      // By then much of it is on disk, though none of it is committed.
      String half = RoutesMain.SAYS + DOCUMENTS / 2;
      assertThat(output.lines().anyMatch(half::equals)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    try (RoutingTable table = RoutingTable.open(folder)) {
      assertThat(table.contents()).contains(RoutesMain.contents(before));
      assertThat(table.size()).isEqualTo(before);
      DocumentKey known = RoutesMain.key(before - 1);
      DocumentKey unknown = RoutesMain.key(before);
      assertThat(table.citiesOf(List.of(known, unknown)))
          .isEqualTo(Map.of(known, new TreeSet<>(List.of(RoutesMain.city(before - 1)))));

      SortedSet<City> moved = new TreeSet<>(List.of(new City("new")));
      table.update(Map.of(known, moved), SourcePosition.START, RoutesMain.contents(before));
      assertThat(table.citiesOf(List.of(known))).isEqualTo(Map.of(known, moved));
    }
  }
}
