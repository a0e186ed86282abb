package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.IndexDirectories;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.FakeChangeSource.Row;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cities that a person has paused wait, lose nothing, and keep nobody. */
class PausedCityIT {
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final String WHY = "paused by ann@ops-1";

  private final FakeChangeSource source = new FakeChangeSource(1_000_000, 3);

  @TempDir Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    master = Master.start(root, source, IndexDirectories.FILES, new SystemTime());
    for (long id = 0; id < 30; id++) {
      source.put(id, id < 10 ? "x" : id < 20 ? "y" : "z", "first " + id);
    }
    master.settle();
  }

  @AfterEach
  void stop() throws Exception {
    master.close();
  }

  @Test
  void changesOfAPausedCityWaitWhileTheOthersArePublished() throws Exception {
    pause(X);
    source.put(0, "x", "changed");
    source.delete(1);
    source.put(100, "x", "new");
    source.put(10, "y", "changed");

    CycleReport report = master.cycle.run();

    assertThat(report.behind()).containsExactly(X);
    assertThat(report.withheld()).containsExactly(Map.entry(X, WHY));
    assertThat(report.failed()).isEmpty();
    assertThat(title(0)).isEqualTo("first 0");
    assertThat(title(10)).isEqualTo("changed");
    assertThat(master.published()).containsKey(1L).doesNotContainKey(100L);
    // Far behind the overlap of the others.
    for (int i = 0; i < 10; i++) {
      source.put(11, "y", "again " + i);
      master.cycle.run();
    }

    pause();
    master.settle();
    assertThat(title(0)).isEqualTo("changed");
    master.expectEqualTo(source);
  }

  @Test
  void aQuietPausedCityIsNotCalledFreshEither() throws Exception {
    pause(X);
    source.put(10, "y", "changed");
    master.cycle.run();
    CityEntry entry = master.snapshot().cities().get(X);
    assertThat(entry.behind()).isNotNull();

    pause();
    master.settle();
    assertThat(master.snapshot().cities().get(X).behind()).isNull();
  }

  @Test
  void aDocumentThatMovesIntoAPausedCityStaysWhereItWasUntilThatIsResumed() throws Exception {
    pause(X);
    source.put(10, "x", "moved into it");
    for (int i = 0; i < 3; i++) {
      source.put(11, "y", "again " + i);
      master.cycle.run();
      assertThat(master.published().get(10L)).extracting(Row::city).containsExactly(Y);
    }

    pause();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aDocumentThatMovesOutOfAPausedCityIsInBothUntilThatIsResumedAndLostInNone()
      throws Exception {
    pause(X);
    source.put(0, "y", "moved out of it");
    master.cycle.run();
    assertThat(master.published().get(0L)).extracting(Row::city).containsExactlyInAnyOrder(X, Y);
    source.put(0, "z", "moved on");
    master.cycle.run();
    assertThat(master.published().get(0L))
        .extracting(Row::city)
        .containsExactlyInAnyOrder(X, new City("z"));

    pause();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aRestartWhilePausedLosesNothing() throws Exception {
    pause(X);
    source.put(0, "x", "changed");
    source.delete(1);
    source.put(20, "z", "changed");
    master.cycle.run();
    master.close();
    master = Master.start(root, source, IndexDirectories.FILES, new SystemTime());
    pause(X);
    source.put(3, "x", "changed too");
    master.cycle.run();
    assertThat(title(0)).isEqualTo("first 0");

    pause();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aPauseOfACityThatIsNoneKeepsNobody() throws Exception {
    pause(new City("nowhere"));
    source.put(10, "y", "changed");

    CycleReport report = master.cycle.run();

    assertThat(report.behind()).isEmpty();
    assertThat(master.snapshot().manifest().position().changes().key())
        .isEqualTo(FakeChangeSource.key(10));
  }

  private void pause(City... cities) {
    SortedMap<City, String> why = new TreeMap<>();
    for (City city : cities) {
      why.put(city, WHY);
    }
    master.cycle.pause(why);
  }

  private String title(long id) throws Exception {
    return master.published().get(id).getFirst().title();
  }
}
