package freshet.indexer.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BatchCounts;
import freshet.indexer.build.BuildException;
import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;
import org.jspecify.annotations.Nullable;

/** Documents to load, and what lies in a folder afterwards. */
final class Loads {
  /** A field of every type. */
  static final IndexSchema SCHEMA =
      new IndexSchema(
          FormatVersion.CURRENT,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("area", FieldType.KEYWORD, null, false, true, true),
              new FieldSpec("tags", FieldType.KEYWORD, null, true, true, false),
              new FieldSpec("price", FieldType.LONG, null, false, true, true),
              new FieldSpec("rooms", FieldType.DOUBLE, null, false, true, true),
              new FieldSpec("pets", FieldType.BOOLEAN, null, false, true, false),
              new FieldSpec("posted", FieldType.DATE, null, false, true, true),
              new FieldSpec("place", FieldType.GEO_POINT, null, false, true, false)),
          List.of("title"));

  private static final DocumentFields FIELDS = new DocumentFields(SCHEMA);

  private Loads() {}

  static BulkLoad open(Path folder, BulkOptions options) throws IOException {
    return open(folder, options, refused -> assertThat(refused).isNull());
  }

  static BulkLoad open(Path folder, BulkOptions options, Consumer<BatchCounts.Rejected> rejected)
      throws IOException {
    return BulkLoad.open(folder, options, SCHEMA, new Random(1), rejected);
  }

  /**
   * Adds what is missing of so many pages of ten documents, alternately of two ranges; returns how
   * many pages that were.
   */
  static int addMissing(BulkLoad load, int pages, int cities) throws IOException {
    int added = 0;
    for (int page = 0; page < pages; page++) {
      DocumentKey last = key(page * 10 + 9);
      DocumentKey reached = load.reached().getOrDefault(page % 2, DocumentKey.EMPTY);
      if (last.compareTo(reached) > 0) {
        load.add(page % 2, documents(page * 10, 10, cities), last);
        added++;
      }
    }
    return added;
  }

  /** Copies everything, as it would be found after a kill. */
  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : (Iterable<Path>) all::iterator) {
        Files.copy(one, to.resolve(from.relativize(one)), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  static CityIndexes working(Path folder) throws BuildException {
    return CityIndexes.open(folder, BuildOptions.of(1), SCHEMA, new Random(2), new SystemTime());
  }

  /** Documents with these numbers, which belong to so many cities in turn. */
  static List<SourceDocument> documents(int from, int count, int cities) {
    List<SourceDocument> documents = new ArrayList<>();
    for (int id = from; id < from + count; id++) {
      documents.add(document(id, cities));
    }
    return documents;
  }

  static SourceDocument document(int id, int cities) {
    return document(id, cities, "area " + id % 9);
  }

  static DocumentKey key(long id) {
    return SCHEMA.keyCodec().encode(List.of(id));
  }

  /** One with a term that is too long for Lucene. */
  static SourceDocument refused(int id, int cities) {
    return document(id, cities, "x".repeat(40_000));
  }

  private static SourceDocument document(int id, int cities, String area) {
    boolean isPlain = id % 3 == 0;
    List<@Nullable Object> values = new ArrayList<>();
    values.add("Größe und title " + id);
    values.add(area);
    values.add(isPlain ? null : List.of("a" + id % 5, "b", "c" + id % 3));
    values.add((long) id);
    values.add(isPlain ? null : id / 2.0);
    values.add(id % 2 == 0);
    values.add(Instant.ofEpochMilli(1_700_000_000_000L + id));
    values.add(isPlain ? null : new GeoPoint(id % 90, id % 180));
    return SourceDocument.of(key(id), 1, new City("city " + id % cities), values);
  }

  static SourcePosition at(long version) {
    Cursor cursor = new Cursor(version, key(0));
    return new SourcePosition("", "", cursor, cursor, Map.of());
  }

  /** The city and what is stored of each document by its key; none may be there twice. */
  static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    for (City city : new LoadFolder(folder).cities()) {
      try (Directory directory = FSDirectory.open(folder.resolve(city.folder()));
          DirectoryReader reader = DirectoryReader.open(directory)) {
        Bits live = MultiBits.getLiveDocs(reader);
        for (int doc = 0; doc < reader.maxDoc(); doc++) {
          if (live == null || live.get(doc)) {
            String key = DocumentFields.storedKey(reader.storedFields(), doc).hex();
            String stored = city + ": " + FIELDS.stored(reader.storedFields(), doc);
            assertThat(contents.put(key, stored)).as(key).isNull();
          }
        }
      }
    }
    return contents;
  }

  /** What {@link #contents} is after so many documents were loaded. */
  static Map<String, String> expected(int documents, int cities) {
    Map<String, String> expected = new TreeMap<>();
    for (SourceDocument document : documents(0, documents, cities)) {
      Map<String, @Nullable Object> stored = new LinkedHashMap<>();
      for (int i = 0; i < SCHEMA.fields().size(); i++) {
        if (document.values().get(i) != null) {
          stored.put(SCHEMA.fields().get(i).name(), document.values().get(i));
        }
      }
      expected.put(document.key().hex(), document.city() + ": " + stored);
    }
    return expected;
  }

  static void check(Path folder) throws IOException {
    for (City city : new LoadFolder(folder).cities()) {
      try (Directory directory = FSDirectory.open(folder.resolve(city.folder()));
          CheckIndex check = new CheckIndex(directory)) {
        assertThat(check.checkIndex().clean).as(city.toString()).isTrue();
      }
    }
  }
}
