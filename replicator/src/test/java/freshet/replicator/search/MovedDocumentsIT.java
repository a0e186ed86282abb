package freshet.replicator.search;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.RepositoryFixture;
import freshet.replicator.swap.SnapshotSwitch;
import freshet.replicator.swap.SwitchException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What searches find while some cities are shown as they were. */
class MovedDocumentsIT {
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("body", FieldType.TEXT, "standard", false, true, false)),
          List.of("body"));

  @TempDir private Path folder;
  private RepositoryFixture master;
  private SnapshotSwitch snapshots;
  private SearchService search;

  @BeforeEach
  void begin() throws IOException {
    master = new RepositoryFixture(folder, SCHEMA);
    snapshots = new SnapshotSwitch(master.repository(), 2, new SystemTime());
    search = new SearchService(snapshots, SearchLimits.DEFAULT, new SystemTime());
  }

  @AfterEach
  void end() throws IOException {
    snapshots.close();
    assertThat(snapshots.inUse()).isEmpty();
    master.close();
  }

  @Test
  void aDocumentThatMovedIsFoundOnceWhereItIsNow() throws Exception {
    put("berlin", 1, 2, 3).put("bonn", 4, 1, "4 first");
    Snapshot first = master.publish();
    show(first);
    // 2 moves out, 4 moves in, 3 is deleted, 1 is changed.
    master.delete("berlin", 2).put("bonn", 2, 2, "2 second");
    master.delete("bonn", 4).put("berlin", 4, 2, "4 second");
    master.delete("berlin", 3).put("berlin", 1, 2, "1 second");

    show(master.publish(), first, "berlin");

    assertThat(found("berlin")).containsOnlyKeys("1", "2", "3");
    assertThat(found("bonn")).containsOnlyKeys("2");
    assertThat(found("berlin", "bonn")).isEqualTo(found());
    assertThat(found())
        .isEqualTo(Map.of("1", "berlin: 1 first", "2", "bonn: 2 second", "3", "berlin: 3 first"));
    assertThat(search("", List.of()).total().value()).isEqualTo(3);
  }

  @Test
  void itIsFoundThereAgainOnceItIsNowhereElse() throws Exception {
    put("berlin", 1, 2).put("bonn", 4, 1, "4 first");
    Snapshot first = master.publish();
    show(first);
    master.delete("berlin", 2).put("bonn", 2, 2, "2 second");
    show(master.publish(), first, "berlin");
    assertThat(found()).containsEntry("2", "bonn: 2 second");

    master.delete("bonn", 2);
    show(master.publish(), first, "berlin");
    assertThat(found()).containsEntry("2", "berlin: 2 first");

    master.put("bonn", 2, 3, "2 third").merge("bonn");
    show(master.publish(), first, "berlin");
    assertThat(found()).containsEntry("2", "bonn: 2 third");
  }

  @Test
  void aCityThatIsNoMoreOrBeganAnewHidesWhatMoved() throws Exception {
    put("berlin", 1, 2).put("bonn", 4, 1, "4 first").put("akron", 7, 1, "7 first");
    Snapshot first = master.publish();
    show(first);
    master.rebuild("berlin").put("berlin", 1, 2, "1 second");
    master.put("bonn", 2, 2, "2 second");
    show(master.publish(), first, "berlin");
    assertThat(found()).containsEntry("1", "berlin: 1 first").containsEntry("2", "bonn: 2 second");

    master.remove("berlin").put("bonn", 1, 3, "1 third");
    show(master.publish(), first, "berlin");

    assertThat(found())
        .containsEntry("1", "bonn: 1 third")
        .containsEntry("2", "bonn: 2 second")
        .hasSize(4);
    assertThat(found("berlin")).containsOnlyKeys("1", "2");
  }

  @Test
  void whatCanNotBeComparedIsLookedUpWhole() throws Exception {
    put("berlin", 1, 2).put("bonn", 4, 1, "4 first");
    Snapshot first = master.publish();
    show(first);
    master.delete("berlin", 2).put("bonn", 2, 2, "2 second");
    Snapshot second = master.publish();
    CityEntry newer = second.cities().get(new City("berlin"));
    Path manifest =
        master
            .repository()
            .layout()
            .incarnation(newer.city(), newer.incarnation())
            .resolve("c-%d.json".formatted(newer.commit()));
    Files.delete(manifest);

    show(second, first, "berlin");

    assertThat(found())
        .isEqualTo(Map.of("1", "berlin: 1 first", "2", "bonn: 2 second", "4", "bonn: 4 first"));
  }

  /** Three cities, documents that move between them at random, cities that are held back. */
  @Test
  void noHistoryShowsADocumentTwiceOrLosesWhatIsShownSomewhere() throws Exception {
    for (int seed = 0; seed < 8; seed++) {
      history(new Random(seed), "h" + seed + "-", "history of seed " + seed);
    }
  }

  private void history(Random random, String prefix, String what) throws Exception {
    String[] cities = {prefix + "a", prefix + "b", prefix + "c"};
    Map<Long, String> truth = new HashMap<>();
    for (String city : cities) {
      master.city(city);
    }
    Map<String, Snapshot> heldAt = new HashMap<>();
    Snapshot newest = master.publish();
    for (int step = 0; step < 25; step++) {
      for (int change = 0; change < 4; change++) {
        long id = random.nextInt(12);
        String from = truth.remove(id);
        if (from != null) {
          master.delete(from, id);
        }
        if (random.nextInt(4) > 0) {
          String to = cities[random.nextInt(3)];
          master.put(to, id, step + 1, "at " + step);
          truth.put(id, to);
        }
      }
      if (random.nextInt(5) == 0) {
        master.merge(cities[random.nextInt(3)]);
      }
      String one = cities[random.nextInt(3)];
      if (random.nextInt(3) == 0) {
        heldAt.remove(one);
      } else if (random.nextInt(2) == 0) {
        heldAt.putIfAbsent(one, newest);
      }
      newest = master.publish();
      show(newest, heldAt);

      Map<String, String> alone = new HashMap<>();
      for (String city : cities) {
        alone.putAll(found(city));
      }
      // Throws if one is there twice; and whatever some city shows is found.
      assertThat(found(cities).keySet()).as("%s, step %d", what, step).isEqualTo(alone.keySet());
      if (heldAt.isEmpty()) {
        assertThat(alone).as("%s, step %d", what, step).hasSameSizeAs(truth);
      }
    }
    for (String city : cities) {
      master.remove(city);
    }
  }

  private RepositoryFixture put(String city, long... ids) throws IOException {
    for (long id : ids) {
      master.put(city, id, 1, id + " first");
    }
    return master;
  }

  private void show(Snapshot newest) throws SwitchException {
    show(newest, Map.of());
  }

  private void show(Snapshot newest, Snapshot before, String city) throws SwitchException {
    show(newest, Map.of(city, before));
  }

  private void show(Snapshot newest, Map<String, Snapshot> heldAt) throws SwitchException {
    SortedMap<City, CityEntry> cities = new TreeMap<>(newest.cities());
    heldAt.forEach((city, at) -> cities.put(new City(city), at.cities().get(new City(city))));
    snapshots.switchTo(
        new Snapshot(newest.manifest(), newest.manifestDigest(), cities),
        RepositoryFixture.advertisement(newest),
        newest);
  }

  /** City and text of each document by id; fails if one is found twice. */
  private Map<String, String> found(String... cities) throws Exception {
    Map<String, String> found = new HashMap<>();
    for (SearchResult.Hit hit : search("*:*", List.of(cities)).hits()) {
      String text = "%s: %s".formatted(hit.city(), hit.fields().get("body"));
      assertThat(found.put(hit.id(), text)).as("%s is found twice", hit).isNull();
    }
    return found;
  }

  private SearchResult search(String query, List<String> cities) throws Exception {
    return search.search(
        new SearchRequest(query, cities, List.of(), null, List.of(), List.of(), 0, 100, null));
  }
}
