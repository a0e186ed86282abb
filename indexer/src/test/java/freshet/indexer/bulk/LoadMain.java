package freshet.indexer.bulk;

import freshet.indexer.build.BuildOptions;
import java.nio.file.Path;

/** Loads pages for ever, and says after each how many there are. To be killed. */
final class LoadMain {
  static final int CITIES = 5;
  static final String SAYS = "pages: ";

  private LoadMain() {}

  public static void main(String... arguments) throws Exception {
    // About one in four pages is followed by a commit of all.
    BulkOptions options = new BulkOptions(BuildOptions.of(1), 16, 100, 1);
    try (BulkLoad load = Loads.open(Path.of(arguments[0]), options)) {
      for (int page = 0; ; page++) {
        load.add(0, Loads.documents(page * 2_000, 2_000, CITIES), Loads.key(page * 2_000 + 1_999));
        System.out.println(SAYS + (page + 1));
      }
    }
  }
}
