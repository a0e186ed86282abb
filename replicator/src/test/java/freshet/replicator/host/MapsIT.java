package freshet.replicator.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What {@link HostNeeds} says of mappings, counted. */
@EnabledOnOs(OS.LINUX)
class MapsIT {
  private static final int CITIES = 700;
  private static final int SEGMENTS = 20;
  private static final int SNAPSHOTS = 2;

  /** What a host has that nobody changed. */
  private static final long DEFAULT_MAX_MAP_COUNT = 65_530;

  @TempDir Path folder;

  @Test
  void twoSnapshotsOfSevenHundredCitiesRunWithinTheDefault() throws IOException {
    Path one = index();
    Deque<Closeable> open = new ArrayDeque<>();
    try {
      long before = maps();
      for (int snapshot = 0; snapshot < SNAPSHOTS; snapshot++) {
        for (int city = 0; city < CITIES; city++) {
          Directory directory = FSDirectory.open(link(one, "%d-%d".formatted(snapshot, city)));
          open.push(directory);
          DirectoryReader reader = DirectoryReader.open(directory);
          open.push(reader);
          assertThat(reader.leaves()).hasSize(SEGMENTS);
        }
      }
      long all = maps();

      // One for each segment, less what the process let go of meanwhile: all of them were open.
      assertThat(all - before).isGreaterThan(CITIES * SEGMENTS * SNAPSHOTS * 9L / 10);
      assertThat(all).isLessThan(DEFAULT_MAX_MAP_COUNT);
      // What other tests of this process have mapped is not theirs.
      assertThat(all - before).isLessThan(new HostNeeds(CITIES, SNAPSHOTS, 0, 0, 0).maps());
    } finally {
      IOUtils.close(open);
    }
  }

  /** One city of many segments; the others are links to its files, mapped for themselves. */
  private Path index() throws IOException {
    Path one = Files.createDirectory(folder.resolve("one"));
    try (Directory directory = FSDirectory.open(one);
        IndexWriter writer =
            new IndexWriter(
                directory, new IndexWriterConfig().setMergePolicy(NoMergePolicy.INSTANCE))) {
      for (int segment = 0; segment < SEGMENTS; segment++) {
        Document document = new Document();
        document.add(new TextField("title", "word" + segment, Field.Store.YES));
        writer.addDocument(document);
        writer.flush();
      }
      writer.commit();
    }
    return one;
  }

  private Path link(Path from, String name) throws IOException {
    Path to = Files.createDirectory(folder.resolve(name));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Files.createLink(to.resolve(file.getFileName()), file);
      }
    }
    return to;
  }

  private static long maps() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
      return lines.count();
    }
  }
}
