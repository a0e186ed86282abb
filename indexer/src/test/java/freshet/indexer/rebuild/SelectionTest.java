package freshet.indexer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Change;
import freshet.indexer.source.Change.Origin;
import freshet.indexer.table.Row;
import freshet.indexer.table.SourceDocument;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final DocumentKey ONE = DocumentKey.ofHex("01");
  private static final DocumentKey TWO = DocumentKey.ofHex("02");
  private static final DocumentKey THREE = DocumentKey.ofHex("03");
  private static final Selection ALL = new Selection(null);
  private static final Selection PARIS = of("paris");

  @Test
  void onlyDocumentsOfTheCitiesAreIndexed() {
    Row inParis = row(ONE, "paris");
    Row inRome = row(TWO, "rome");
    List<Row> page =
        List.of(
            inParis,
            inRome,
            new Row.NotSearchable(THREE, 1),
            new Row.Unfit(THREE, 1),
            new Row.Gone(THREE, 1));
    assertThat(PARIS.documents(page)).containsExactly(document(ONE, "paris"));
    assertThat(ALL.documents(page)).containsExactly(document(ONE, "paris"), document(TWO, "rome"));
  }

  @Test
  void aDocumentOfAnotherCityIsADeletion() {
    Change inParis = new Change.Upsert(document(ONE, "paris"), Origin.CURSOR);
    Change movedToRome = new Change.Upsert(document(TWO, "rome"), Origin.OVERLAP);
    Change deleted = new Change.Deletion(THREE, Origin.TOMBSTONE);
    List<Change> changes = List.of(inParis, movedToRome, deleted);

    assertThat(PARIS.changes(changes))
        .containsExactly(inParis, new Change.Deletion(TWO, Origin.OVERLAP), deleted);
    assertThat(ALL.changes(changes)).isEqualTo(changes);
  }

  @Test
  void allCoversEveryCity() {
    assertThat(ALL.covers(PARIS)).isTrue();
    assertThat(ALL.covers(ALL)).isTrue();
    assertThat(PARIS.covers(ALL)).isFalse();
    assertThat(of("paris", "rome").covers(PARIS)).isTrue();
    assertThat(PARIS.covers(of("paris", "rome"))).isFalse();
  }

  @Test
  void itsTextNamesTheCities() {
    assertThat(ALL).hasToString("all cities");
    assertThat(PARIS).hasToString("city paris");
    assertThat(of("rome", "paris")).hasToString("cities paris, rome");
  }

  private static Selection of(String... cities) {
    TreeSet<City> all = new TreeSet<>();
    for (String city : cities) {
      all.add(new City(city));
    }
    return new Selection(all);
  }

  private static Row row(DocumentKey key, String city) {
    return new Row.Found(document(key, city), 10);
  }

  private static SourceDocument document(DocumentKey key, String city) {
    return SourceDocument.of(key, 1, new City(city), List.of("title"));
  }
}
