package freshet.indexer.route;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Change;
import freshet.indexer.source.FakeChangeSource;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RouterTest {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final City Z = new City("z");

  private final Map<DocumentKey, SortedSet<City>> known = new TreeMap<>();

  @Test
  void aNewDocumentIsAddedAndNothingIsHeld() throws IOException {
    RoutedBatch routed = route(Set.of(), upsert(1, X));

    assertThat(added(routed, X)).containsExactly(1L);
    assertThat(routed.held()).isEmpty();
    assertThat(places(routed)).containsExactly(Map.entry(key(1), set(X)));
  }

  @Test
  void anEditWithinACityDoesNotTouchTheRoutes() throws IOException {
    known.put(key(1), set(X));

    RoutedBatch routed = route(Set.of(), upsert(1, X));

    assertThat(added(routed, X)).containsExactly(1L);
    assertThat(routed.moves()).isEmpty();
  }

  @Test
  void aMoveAddsFirstAndRemovesSecond() throws IOException {
    known.put(key(1), set(X));

    RoutedBatch routed = route(Set.of(), upsert(1, Y));

    assertThat(routed.first().keySet()).containsExactly(Y);
    assertThat(removed(routed, X, Set.of())).containsExactly(1L);
    assertThat(routed.moved()).isEqualTo(1);
    assertThat(places(routed)).containsExactly(Map.entry(key(1), set(Y)));
  }

  @Test
  void aMoveWhoseGainingCityFailsRemovesNothing() throws IOException {
    known.put(key(1), set(X));

    RoutedBatch routed = route(Set.of(), upsert(1, Y));

    assertThat(routed.second(Set.of(Y))).isEmpty();
    assertThat(routed.places(Set.of(Y), Set.of(Y))).isEmpty();
  }

  @Test
  void aMoveWhoseLosingCityFailsIsRememberedInBoth() throws IOException {
    known.put(key(1), set(X));

    RoutedBatch routed = route(Set.of(), upsert(1, Y));

    assertThat(routed.second(Set.of(X))).isEmpty();
    assertThat(routed.places(Set.of(), Set.of(X))).containsExactly(Map.entry(key(1), set(X, Y)));
  }

  @Test
  void aDocumentThatIsRememberedInTwoCitiesLeavesTheWrongOne() throws IOException {
    known.put(key(1), set(X, Y));

    RoutedBatch routed = route(Set.of(), upsert(1, Y));

    assertThat(removed(routed, X, Set.of())).containsExactly(1L);
    assertThat(places(routed)).containsExactly(Map.entry(key(1), set(Y)));
  }

  @Test
  void thereAndBackWithinOnePollIsNoMove() throws IOException {
    known.put(key(1), set(X));

    RoutedBatch routed = route(Set.of(), upsert(1, Y), upsert(1, X));

    assertThat(routed.first().keySet()).containsExactly(X);
    assertThat(routed.held()).isEmpty();
    assertThat(routed.moves()).isEmpty();
  }

  @Test
  void aDeletionNeedNotNameTheCity() throws IOException {
    known.put(key(1), set(X));

    RoutedBatch routed = route(Set.of(), deletion(1));

    assertThat(routed.first().get(X).deletions()).hasSize(1);
    assertThat(places(routed)).containsExactly(Map.entry(key(1), set()));
  }

  @Test
  void aDeletionOfAnUnknownDocumentConcernsNobody() throws IOException {
    RoutedBatch routed = route(Set.of(), deletion(1));

    assertThat(routed.first()).isEmpty();
    assertThat(routed.moves()).isEmpty();
  }

  @Test
  void aDeletionThatFailsIsRemembered() throws IOException {
    known.put(key(1), set(X));

    RoutedBatch routed = route(Set.of(), deletion(1));

    assertThat(routed.places(Set.of(X), Set.of(X))).isEmpty();
  }

  @Test
  void aCityThatIsBehindLosesWhatIsNotItsOwn() throws IOException {
    known.put(key(2), set(X));

    RoutedBatch routed = route(Set.of(Z), upsert(1, Y), deletion(2), upsert(3, Z));

    assertThat(removed(routed, Z, Set.of())).containsExactly(1L);
    assertThat(routed.first().get(Z).deletions()).hasSize(1);
    assertThat(added(routed, Z)).containsExactly(3L);
    assertThat(removed(routed, Z, Set.of(Y))).isEmpty();
  }

  private RoutedBatch route(Set<City> behind, Change... changes) throws IOException {
    return Router.route(
        List.of(changes),
        keys -> {
          Map<DocumentKey, SortedSet<City>> found = new TreeMap<>(known);
          found.keySet().retainAll(keys);
          return found;
        },
        behind);
  }

  private static Map<DocumentKey, SortedSet<City>> places(RoutedBatch routed) {
    return routed.places(Set.of(), Set.of());
  }

  private static List<Long> added(RoutedBatch routed, City city) {
    return routed.first().get(city).upserts().stream().map(c -> id(c.key())).toList();
  }

  private static List<Long> removed(RoutedBatch routed, City city, Set<City> failed) {
    CityBatch second = routed.second(failed).get(city);
    return second == null ? List.of() : second.deletions().stream().map(c -> id(c.key())).toList();
  }

  private static Change upsert(long id, City city) {
    return new Change.Upsert(
        FakeChangeSource.document(id, 1, city.name(), "t"), Change.Origin.CURSOR);
  }

  private static Change deletion(long id) {
    return new Change.Deletion(key(id), Change.Origin.TOMBSTONE);
  }

  private static DocumentKey key(long id) {
    return FakeChangeSource.key(id);
  }

  private static long id(DocumentKey key) {
    return (Long) FakeChangeSource.SCHEMA.keyCodec().decode(key).getFirst();
  }

  private static SortedSet<City> set(City... cities) {
    return new TreeSet<>(Arrays.asList(cities));
  }
}
