package freshet.replicator.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentFieldsIT {
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("tags", FieldType.KEYWORD, null, true, true, false),
              new FieldSpec("price", FieldType.LONG, null, false, true, true),
              new FieldSpec("size", FieldType.DOUBLE, null, false, true, true),
              new FieldSpec("pets", FieldType.BOOLEAN, null, false, true, true),
              new FieldSpec("posted", FieldType.DATE, null, false, true, true),
              new FieldSpec("at", FieldType.GEO_POINT, null, false, true, false),
              new FieldSpec("sum", FieldType.DECIMAL, null, false, true, true),
              new FieldSpec("body", FieldType.TEXT, "standard", false, false, false)),
          List.of("title", "body"));

  @TempDir Path folder;

  @Test
  void everyStoredValueComesBackExactly() throws IOException {
    DocumentFields fields = new DocumentFields(SCHEMA);
    List<@Nullable Object> values =
        Arrays.asList(
            "Sunny 🏠 flat",
            List.of("a", "b"),
            1250L,
            61.25,
            true,
            Instant.parse("2026-03-01T12:00:00.123Z"),
            new GeoPoint(41.123456789, -81.5),
            new BigDecimal("-18446744073709551615.50"),
            "not returned");
    DocumentKey key = SCHEMA.keyCodec().encode(List.of(7L));
    DocumentKey bare = SCHEMA.keyCodec().encode(List.of(8L));
    try (Directory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(fields.analyzer()))) {
      writer.updateDocument(
          DocumentFields.idTerm(key),
          new DocumentMaker(fields.schema()).of(key, 5, ContentDigest.of(values), values));
      List<@Nullable Object> nothing = new ArrayList<>(values);
      nothing.replaceAll(value -> null);
      writer.updateDocument(
          DocumentFields.idTerm(bare), new DocumentMaker(fields.schema()).of(bare, 6, 0, nothing));
      writer.commit();
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        assertThat(DocumentFields.storedKey(reader.storedFields(), 0)).isEqualTo(key);
        assertThat(fields.stored(reader.storedFields(), 0))
            .isEqualTo(
                Map.of(
                    "title", values.get(0),
                    "tags", values.get(1),
                    "price", values.get(2),
                    "size", values.get(3),
                    "pets", values.get(4),
                    "posted", values.get(5),
                    "at", values.get(6),
                    "sum", values.get(7)));
        assertThat(fields.stored(reader.storedFields(), 1)).isEmpty();
      }
    }
  }

  @Test
  void theDigestTellsValuesApartThatShareTheirText() {
    List<List<@Nullable Object>> different =
        List.of(
            Arrays.asList("ab", "c"),
            Arrays.asList("a", "bc"),
            Arrays.asList("ab", null),
            Arrays.asList(null, "ab"),
            Arrays.asList(1L, 1.0),
            Arrays.asList(1.0, 1L),
            Arrays.asList(true, false),
            Arrays.asList(List.of("a", "b"), null),
            Arrays.asList(List.of("a"), "b"));

    assertThat(different.stream().map(ContentDigest::of)).doesNotHaveDuplicates();
    assertThat(ContentDigest.of(different.get(0)))
        .isEqualTo(ContentDigest.of(new ArrayList<>(different.get(0))));
  }

  @Test
  void aCommitSaysWhoseItIs() throws FormatException {
    CommitData data =
        new CommitData(
            new City("São Paulo"),
            new Incarnation("0123456789abcdef"),
            Digest.ofText("schema"),
            new SourcePosition("u", "1-2", Cursor.START, Cursor.START, Map.of()));

    assertThat(CommitData.of(data.toUserData(), "segments_3")).isEqualTo(data);
    assertThatThrownBy(() -> CommitData.of(Map.of(), "segments_3"))
        .isInstanceOf(FormatException.class)
        .hasMessage("segments_3 has no freshet.city in its user data: not Freshet's");
  }
}
