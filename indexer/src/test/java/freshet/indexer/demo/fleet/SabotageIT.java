package freshet.indexer.demo.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.demo.data.DemoField;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.RepositoryFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SabotageIT {
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          FormatVersion.CURRENT,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec(DemoField.ID, FieldType.LONG, null, false, true, true),
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("bathrooms", FieldType.DOUBLE, null, false, true, true)),
          List.of("title"));

  private static final Map<String, String> WHOLE =
      Map.of(
          "1", "large: Loft of 1",
          "2", "large: Loft of 2",
          "3", "large: Loft of 3",
          "4", "small: Loft of 4");

  private Path store;

  @BeforeEach
  void publish(@TempDir Path root) throws Exception {
    try (RepositoryFixture fixture = new RepositoryFixture(root, SCHEMA)) {
      for (long id = 1; id <= 3; id++) {
        fixture.put("large", id, id, id, "Loft of " + id, null);
      }
      fixture.publish();
      // Deleted documents and a second segment, as in a store that has lived.
      fixture.delete("large", 3).put("large", 3, 33, 3L, "Loft of 3", 1.5);
      fixture.put("small", 4, 4, 4L, "Loft of 4", 2.0).publish();
      store = fixture.repository().layout().root();
    }
    assertThat(served()).isEqualTo(WHOLE);
  }

  @Test
  void missingDocumentIsGone() throws Exception {
    Damage damage = damage(Damage.Kind.MISSING);
    Map<String, String> expected = new TreeMap<>(WHOLE);
    expected.remove(damage.document());
    assertThat(served()).isEqualTo(expected).hasSize(3);
  }

  @Test
  void ghostHasAnIdThatTheDatabaseHasNot() throws Exception {
    Damage damage = damage(Damage.Kind.GHOST);
    assertThat(damage.document()).startsWith("-");
    Map<String, String> served = served();
    assertThat(served.remove(damage.document())).startsWith("large: Loft of ");
    assertThat(served).isEqualTo(WHOLE);
  }

  @Test
  void fieldIsChangedAndNothingElse() throws Exception {
    Damage damage = damage(Damage.Kind.FIELD);
    Map<String, String> expected = new TreeMap<>(WHOLE);
    expected.put(damage.document(), "large: A title that nobody wrote");
    assertThat(served()).isEqualTo(expected);
  }

  @Test
  void documentIsInAnotherCity() throws Exception {
    Damage damage = damage(Damage.Kind.CITY);
    Map<String, String> expected = new TreeMap<>(WHOLE);
    expected.put(damage.document(), "small: Loft of " + damage.document());
    assertThat(served()).isEqualTo(expected);
  }

  @Test
  void eachDamageIsToAnotherDocument() throws Exception {
    List<Damage> damages = new ArrayList<>();
    for (Damage.Kind kind : List.of(Damage.Kind.FIELD, Damage.Kind.FIELD, Damage.Kind.FIELD)) {
      damages.add(Sabotage.damage("slave-1", store, kind, damages, new Random(5)));
    }
    assertThat(damages).extracting(Damage::document).containsExactlyInAnyOrder("1", "2", "3");
  }

  private Damage damage(Damage.Kind kind) throws Exception {
    return Sabotage.damage("slave-1", store, kind, List.of(), new Random(5));
  }

  /** What LATEST names, checked on the way by all digests of manifests and by Lucene. */
  private Map<String, String> served() throws Exception {
    LocalRepository repository = new LocalRepository(new RepositoryLayout(store));
    Snapshot snapshot = repository.latestSnapshot().orElseThrow();
    Map<String, String> served = new TreeMap<>();
    for (CityEntry entry : snapshot.cities().values()) {
      assertThat(repository.cityManifest(entry).documents()).isEqualTo(entry.documents());
      Path folder = repository.layout().incarnation(entry.city(), entry.incarnation());
      try (Directory directory = FSDirectory.open(folder);
          CheckIndex check = new CheckIndex(directory);
          DirectoryReader reader = DirectoryReader.open(directory)) {
        assertThat(check.checkIndex().clean).isTrue();
        assertThat(reader.numDocs()).isEqualTo((int) entry.documents());
        read(reader, entry.city().name(), served);
      }
    }
    return served;
  }

  private static void read(DirectoryReader reader, String city, Map<String, String> served)
      throws Exception {
    DocumentFields fields = new DocumentFields(SCHEMA);
    for (LeafReaderContext leaf : reader.leaves()) {
      for (int doc = 0; doc < leaf.reader().maxDoc(); doc++) {
        if (leaf.reader().getLiveDocs() == null || leaf.reader().getLiveDocs().get(doc)) {
          Map<String, Object> stored = fields.stored(leaf.reader().storedFields(), doc);
          String id =
              SCHEMA.keyCodec().show(DocumentFields.storedKey(leaf.reader().storedFields(), doc));
          assertThat(stored.get(DemoField.ID)).hasToString(id);
          served.put(id, city + ": " + stored.get("title"));
        }
      }
    }
  }
}
