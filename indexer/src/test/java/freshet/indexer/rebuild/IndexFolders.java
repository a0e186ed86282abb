package freshet.indexer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Listings;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;

/** What lies in the folder of some cities' indexes, which nobody has open. */
final class IndexFolders {
  private IndexFolders() {}

  /** City and title of each document, by its id; none is there twice, and CheckIndex is clean. */
  static SortedMap<Long, String> documents(Path cities) throws IOException {
    SortedMap<Long, String> found = new TreeMap<>();
    List<Path> folders;
    try (Stream<Path> all = Files.list(cities)) {
      folders = all.filter(Files::isDirectory).toList();
    }
    for (Path folder : folders) {
      City city = City.ofFolder(folder.getFileName().toString());
      try (Directory directory = FSDirectory.open(folder)) {
        try (CheckIndex check = new CheckIndex(directory)) {
          assertThat(check.checkIndex().clean).as("CheckIndex of " + city).isTrue();
        }
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
          read(city, reader, found);
        }
      }
    }
    return found;
  }

  private static void read(City city, DirectoryReader reader, SortedMap<Long, String> found)
      throws IOException {
    for (LeafReaderContext leaf : reader.leaves()) {
      Bits live = leaf.reader().getLiveDocs();
      for (int doc = 0; doc < leaf.reader().maxDoc(); doc++) {
        if (live == null || live.get(doc)) {
          DocumentKey key = DocumentFields.storedKey(leaf.reader().storedFields(), doc);
          long id = (Long) Listings.SCHEMA.keyCodec().decode(key).getFirst();
          String title = leaf.reader().storedFields().document(doc).get("title");
          assertThat(found.put(id, city + ": " + title)).as("document %d twice", id).isNull();
        }
      }
    }
  }
}
