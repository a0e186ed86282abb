package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.app.ListingMaster.Run;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.replicator.snapshot.FormatVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Repositories that other versions of Freshet wrote. One of each format version is stored, as its
 * first writer could have written it: without any key that a reader of that version may miss. Who
 * raises {@link FormatVersion#CURRENT}, or moves to a Lucene that reads these no more, notices
 * here.
 */
@Timeout(180)
class FormatsIT {
  private static final String FIELDS =
      "{name: title, type: text, analyzer: english}, {name: tag, type: keyword, column: city},"
          + " {name: price, type: long, sortable: true}";
  private static final int REFUSED = 76;

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path folder;

  private ListingMaster listings;

  @BeforeEach
  void aTable() throws Exception {
    listings = new ListingMaster(database, folder);
    listings.createTables();
    listings.configure(FIELDS, "");
    for (int id : List.of(1, 2, 3, 7)) {
      listings.insert(id);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = 1)
  void anOlderOneIsPulledAndPublishedOn(int format) throws Exception {
    Path stored = Path.of(FormatsIT.class.getResource("format-" + format).toURI());
    copy(stored, folder.resolve("data/repository"));
    Nodes nodes = new Nodes(folder);
    String slave = slave(folder.resolve("data/repository"));
    assertThat(nodes.replicator("pull", "--config", slave).out())
        .contains("installed snapshot 1-0000000002", "4 documents");
    assertThat(nodes.replicator("search", "--config", slave, "city2", "flat").out())
        .contains("2 documents match", "title: flat 7");

    assertThat(done("build")).contains("published generation 2-");
    assertThat(listings.published()).isEqualTo(listings.table());
    assertThat(listings.repository().latest().orElseThrow().format())
        .isEqualTo(FormatVersion.CURRENT);
    assertThat(done("diff")).contains("equal");
    assertThat(nodes.replicator("pull", "--config", slave).out())
        .contains("installed snapshot 2-", "4 documents");
  }

  @Test
  void aNewerOneStopsTheMasterUntilSomebodyTakesOver() throws Exception {
    done("build");
    Path latest = listings.repository().layout().latest();
    int newer = FormatVersion.CURRENT + 1;
    String written = Files.readString(latest);
    Files.writeString(
        latest,
        written.replace("\"minReader\":" + FormatVersion.MIN_READER, "\"minReader\":" + newer));
    assertThat(Files.readString(latest)).isNotEqualTo(written);

    Run refused = listings.indexer("build");
    assertThat(refused.exitCode()).isEqualTo(REFUSED);
    assertThat(refused.err())
        .contains("wants a reader of format " + newer, "upgrade Freshet here", "takeover");

    done("takeover");
    listings.insert(4);
    done("build");
    assertThat(listings.published()).isEqualTo(listings.table());
  }

  private String done(String... verb) {
    Run run = listings.indexer(verb);
    assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
    return run.out();
  }

  private String slave(Path remote) throws Exception {
    return Files.writeString(
            folder.resolve("slave.yaml"),
            """
            name: slave
            remote: {url: "%s"}
            store: {folder: slave, disk_reserve: 1MB}
            """
                .formatted(remote))
        .toString();
  }

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }
}
