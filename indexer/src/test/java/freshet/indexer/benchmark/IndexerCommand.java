package freshet.indexer.benchmark;

import freshet.indexer.app.IndexerMain;
import java.nio.file.Path;
import java.util.List;

/** The command line of {@code bin/indexer} where nothing is installed: the classes under test. */
public final class IndexerCommand {
  private IndexerCommand() {}

  /** To which the verb is added. */
  public static List<String> line() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-Dfreshet.home=" + System.getProperty("freshet.home", ".."),
        "-cp",
        System.getProperty("java.class.path"),
        IndexerMain.class.getName());
  }
}
