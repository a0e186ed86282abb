package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.IndexDirectories;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.FakeChangeSource.Row;
import freshet.replicator.gate.HeldCity;
import freshet.replicator.gate.Hold;
import freshet.replicator.order.Answer;
import freshet.replicator.order.Asked;
import freshet.replicator.order.Order;
import freshet.replicator.order.OrderFolder;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the publish gate holds, what people decide of it, and that all ends equal to the table. */
@Timeout(120)
class HeldCityIT {
  private static final int LARGE = 3000;
  private static final City X = new City("x");
  private static final City Y = new City("y");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final FakeChangeSource source = new FakeChangeSource(1_000_000, 3);
  private final Random random = new Random(7);

  @TempDir Path root;
  private Master master;

  @BeforeEach
  void start() throws Exception {
    open();
    for (long id = 0; id < LARGE; id++) {
      source.put(id, "x", "first " + id);
    }
    for (long id = LARGE; id < LARGE + 10; id++) {
      source.put(id, "y", "first " + id);
    }
    master.settle();
  }

  @AfterEach
  void stop() throws Exception {
    master.close();
  }

  @Test
  void aCityThatLosesTooManyIsHeldAndTheOthersArePublished() throws Exception {
    delete(0, 1500);
    source.put(LARGE, "y", "edited");

    CycleReport report = master.cycle.run();

    assertThat(report.outcome()).isInstanceOf(CycleOutcome.Published.class);
    assertThat(report.behind()).containsExactly(X);
    assertThat(documents(X)).isEqualTo(LARGE);
    assertThat(master.published().get((long) LARGE))
        .extracting(Row::title)
        .containsExactly("edited");
    assertThat(held(X).hold()).isEqualTo(new Hold.Dropped(1500, LARGE, null));
    assertThat(master.snapshot().city(X).orElseThrow().behind()).isNotNull();
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Refreshed.class);
  }

  @Test
  void history29manySmallLossesAreNoticedAndAFewDocumentsAreNot() throws Exception {
    source.delete(LARGE);
    long lost = 0;
    while (lost < LARGE && master.publisher.gate().held().isEmpty()) {
      delete(lost, lost + LARGE / 100);
      lost += LARGE / 100;
      master.cycle.run();
    }
    assertThat(master.publisher.gate().held()).containsOnlyKeys(X);
    assertThat(documents(X)).as("the last that passed").isEqualTo(LARGE - 33 * 30);
    assertThat(documents(Y)).isEqualTo(9);
  }

  @Test
  void aHeldCityStaysHeldOverARestartAndEndsWhenItsDocumentsAreBack() throws Exception {
    delete(0, 1500);
    master.cycle.run();
    HeldCity before = held(X);
    reopen();
    master.cycle.run();
    assertThat(held(X)).isEqualTo(before);
    assertThat(documents(X)).isEqualTo(LARGE);

    for (long id = 0; id < 1000; id++) {
      source.put(id, "x", "back " + id);
    }
    master.settle();
    assertThat(master.publisher.gate().held()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void anApprovalLetsItPassOnceAndNotFurther() throws Exception {
    delete(0, 1500);
    master.cycle.run();
    assertThat(ask(new Order.Approve(Y, 0)).text()).contains("city y is not held");

    assertThat(ask(new Order.Approve(X, 1600)).isDone()).isTrue();
    assertThat(documents(X)).as("fewer than approved").isEqualTo(LARGE);
    assertThat(held(X).hold().explain()).contains("approved were 1,600 or more, by on-call");

    assertThat(ask(new Order.Approve(X, 1500)).isDone()).isTrue();
    assertThat(documents(X)).isEqualTo(1500);
    assertThat(master.publisher.gate().held()).isEmpty();
    master.settle();
    master.expectEqualTo(source);
    assertThat(Files.readAllLines(master.repository.layout().audit()))
        .hasSize(3)
        .allMatch(line -> line.contains("on-call") && line.contains("sale ended"));

    reopen();
    delete(1500, 2900);
    master.cycle.run();
    assertThat(held(X).hold()).isEqualTo(new Hold.Dropped(100, 1500, null));
  }

  @Test
  void anApprovalIsNotUsedUpByAPublicationThatFails() throws Exception {
    delete(0, 1500);
    master.cycle.run();
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("aside"));
    Files.writeString(snapshots, "no folder");
    assertThat(ask(new Order.Approve(X, 1500)).isDone()).isTrue();
    Files.delete(snapshots);
    Files.move(root.resolve("aside"), snapshots);
    assertThat(documents(X)).as("the disk failed").isEqualTo(LARGE);

    delete(1500, 2900);
    master.cycle.run();
    assertThat(documents(X)).as("100 are fewer than approved").isEqualTo(LARGE);
    assertThat(held(X).hold().explain()).contains("100 documents", "approved were 1,500 or more");

    for (long id = 1500; id < 2900; id++) {
      source.put(id, "x", "back " + id);
    }
    master.settle();
    assertThat(documents(X)).isEqualTo(1500);
    assertThat(master.publisher.gate().held()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void aRejectedCityStaysAsItIsUntilItIsResumed() throws Exception {
    delete(0, 1500);
    master.cycle.run();
    assertThat(ask(new Order.Reject(X)).isDone()).isTrue();
    for (long id = 0; id < 1500; id++) {
      source.put(id, "x", "back " + id);
    }
    reopen();
    master.cycle.run();
    assertThat(held(X).hold()).isInstanceOf(Hold.Rejected.class);
    assertThat(master.published().get(0L)).extracting(Row::title).containsExactly("first 0");

    assertThat(ask(new Order.Keep(List.of(X))).isDone()).isTrue();
    master.settle();
    assertThat(master.publisher.gate().held()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void history22documentsMoveOutOfAHeldCityAndIntoItAndEachIsFoundOnce() throws Exception {
    delete(1000, 2500);
    master.cycle.run();
    source.put(0, "y", "moved out of x");
    source.put(LARGE, "x", "moved into x");
    source.put(LARGE + 20, "z", "new");

    master.cycle.run();
    assertThat(master.publisher.gate().held()).containsOnlyKeys(X, Y);
    assertThat(held(Y).hold()).isEqualTo(new Hold.Exchanged(List.of(X)));
    expectEachOnce();
    assertThat(master.published()).containsKey(LARGE + 20L);
    reopen();
    master.cycle.run();
    expectEachOnce();

    assertThat(ask(new Order.Approve(X, 0)).isDone()).isTrue();
    expectEachOnce();
    master.settle();
    assertThat(master.publisher.gate().held()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void aCityWhoseDocumentsMoveToAnotherPassesEvenIfTheProcessEndsInBetween() throws Exception {
    for (long id = 0; id < LARGE; id++) {
      source.put(id, "y", "moved " + id);
    }
    Path snapshots = root.resolve("repository/snapshots");
    Files.move(snapshots, root.resolve("aside"));
    Files.writeString(snapshots, "no folder");
    assertThat(master.cycle.run().outcome()).isInstanceOf(CycleOutcome.Failed.class);
    Files.delete(snapshots);
    Files.move(root.resolve("aside"), snapshots);
    reopen();

    master.settle();

    assertThat(master.publisher.gate().held()).isEmpty();
    assertThat(documents(X)).isZero();
    master.expectEqualTo(source);
  }

  @Test
  void history26aRollbackIsNotUndoneAndIsResumedByWhatIsBuilt() throws Exception {
    Generation good = master.snapshot().generation();
    change();
    Generation bad = master.snapshot().generation();
    SortedMap<Long, List<Row>> before = rollBackWhileChangesFlow(good);
    assertThat(master.snapshot().generation().isAfter(bad)).isTrue();
    reopen();
    master.cycle.run();
    assertThat(master.published()).as("after a restart").isEqualTo(before);

    assertThat(ask(new Order.Keep(List.of())).isDone()).isTrue();
    master.settle();
    assertThat(master.publisher.gate().held()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void history26aRollbackIsResumedByReadingAgainFromTheOldPosition() throws Exception {
    Generation good = master.snapshot().generation();
    change();
    SortedMap<Long, List<Row>> before = rollBackWhileChangesFlow(good);

    assertThat(ask(new Order.Replay(List.of())).isDone()).isTrue();
    for (int i = 0; i < 3; i++) {
      expectEachOnceOr(before);
      master.cycle.run();
    }
    master.settle();
    assertThat(master.publisher.gate().held()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void oneCityIsRolledBackAloneUnlessItsDocumentsWouldBeFoundTwice() throws Exception {
    Generation good = master.snapshot().generation();
    source.put(2, "x", "edited");
    source.put(LARGE, "y", "edited");
    master.settle();
    assertThat(ask(new Order.RollBack(good, List.of(X))).isDone()).isTrue();
    assertThat(master.published().get(2L)).extracting(Row::title).containsExactly("first 2");
    assertThat(master.published().get((long) LARGE))
        .extracting(Row::title)
        .containsExactly("edited");
    assertThat(ask(new Order.Keep(List.of(X))).isDone()).isTrue();

    source.put(0, "y", "moved");
    master.settle();
    assertThat(ask(new Order.RollBack(good, List.of(X))).text())
        .contains("have moved to [y] since");
    assertThat(ask(new Order.RollBack(good, List.of(X, Y))).isDone()).isTrue();
    expectEachOnce();
  }

  @Test
  void whatCanNotBeRolledBackIsRefusedAndNothingChanges() throws Exception {
    Generation now = master.snapshot().generation();
    assertThat(ask(new Order.RollBack(now, List.of())).text()).contains("is not older than");
    assertThat(ask(new Order.RollBack(new Generation(1, 900), List.of())).text())
        .contains("there is no snapshot 1-0000000900");
    assertThat(ask(new Order.Keep(List.of())).text()).contains("no city was rejected");
    assertThat(ask(new Order.Replay(List.of(X))).text()).contains("nothing to resume");
    assertThat(master.publisher.gate().held()).isEmpty();
    assertThat(master.snapshot().generation()).isEqualTo(now);
  }

  @Test
  void citiesAreResumedAloneUnlessDocumentsWouldBeFoundTwiceOrNotAtAll() throws Exception {
    Generation good = master.snapshot().generation();
    source.put(LARGE, "y", "edited");
    master.settle();
    assertThat(ask(new Order.RollBack(good, List.of())).isDone()).isTrue();
    assertThat(ask(new Order.Keep(List.of(Y))).isDone()).isTrue();
    assertThat(master.published().get((long) LARGE))
        .extracting(Row::title)
        .containsExactly("edited");
    assertThat(held(X).hold()).isInstanceOf(Hold.RolledBack.class);
    assertThat(ask(new Order.Keep(List.of())).isDone()).isTrue();

    source.put(0, "y", "moved");
    master.settle();
    assertThat(ask(new Order.RollBack(good, List.of())).isDone()).isTrue();
    for (Order one :
        List.of(
            new Order.Keep(List.of(X)),
            new Order.Keep(List.of(Y)),
            new Order.Replay(List.of(X)),
            new Order.Replay(List.of(Y)))) {
      Answer answer = ask(one);
      assertThat(answer.isDone()).as(answer.text()).isFalse();
      assertThat(answer.text()).contains("documents have moved between", "resume those too");
      expectEachOnce();
    }
    assertThat(ask(new Order.Keep(List.of(X, Y))).isDone()).isTrue();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void anOrderThatReadsWhatIsDamagedIsRefusedAndCyclesGoOn() throws Exception {
    Generation good = master.snapshot().generation();
    change();
    Path manifest = master.repository.layout().resolve(RepositoryLayout.snapshotName(good));
    Files.delete(manifest);
    Files.writeString(manifest, "{");
    source.put(7, "x", "edited later");

    assertThat(ask(new Order.RollBack(good, List.of())).text())
        .contains(good + " can't be read", "snapshots verify --heal-from");

    assertThat(master.publisher.gate().held()).isEmpty();
    master.settle();
    master.expectEqualTo(source);
  }

  @Test
  void aCityWhosePublishedFilesAreDamagedIsReplayedFromTheTable() throws Exception {
    Generation good = master.snapshot().generation();
    change();
    rollBackWhileChangesFlow(good);
    CityEntry published = master.snapshot().city(X).orElseThrow();
    for (FileEntry file : master.repository.cityManifest(published).files()) {
      Path path =
          master.repository.layout().incarnation(X, published.incarnation()).resolve(file.name());
      Files.delete(path);
      Files.writeString(path, "damaged");
    }

    Answer answer = ask(new Order.Replay(List.of()));

    assertThat(answer.isDone()).isTrue();
    assertThat(answer.text()).contains("[x] can't be taken from there, and are made anew");
    master.settle();
    assertThat(master.publisher.gate().held()).isEmpty();
    master.expectEqualTo(source);
  }

  @Test
  void whatCanNotBeRemovedFailsTheOrderAndNoCycle() throws Exception {
    Path notEmpty = master.repository.layout().schemas().resolve("stray.json");
    Files.createDirectories(notEmpty.resolve("folder"));
    reopen();
    source.put(7, "x", "edited");

    Answer answer = ask(new Order.Collect());

    assertThat(answer.isDone()).isFalse();
    assertThat(answer.text()).contains("not all old files could be removed", "snapshots gc");
    assertThat(master.published().get(7L)).extracting(Row::title).containsExactly("edited");
  }

  /** A new city, moved and edited documents, and one less. */
  private void change() throws Exception {
    source.put(0, "y", "moved");
    source.put(1, "z", "moved to a new city");
    source.put(2, "x", "edited");
    source.delete(3);
    master.settle();
  }

  private SortedMap<Long, List<Row>> rollBackWhileChangesFlow(Generation good) throws Exception {
    Answer answer = ask(new Order.RollBack(good, List.of()));
    assertThat(answer.isDone()).as(answer.text()).isTrue();
    SortedMap<Long, List<Row>> published = master.published();
    assertThat(published).hasSize(LARGE + 10);
    assertThat(published.get(0L)).extracting(Row::title).containsExactly("first 0");
    source.put(4, "x", "edited later");
    source.put(5, "y", "moved later");
    source.delete(6);
    source.put(LARGE + 30, "w", "a newer city");
    for (int i = 0; i < 3; i++) {
      master.cycle.run();
      SortedMap<Long, List<Row>> now = master.published();
      assertThat(now.remove(LARGE + 30L)).isNotNull();
      assertThat(now).isEqualTo(published);
    }
    return master.published();
  }

  private void expectEachOnceOr(SortedMap<Long, List<Row>> before) throws Exception {
    SortedMap<Long, List<Row>> now = master.published();
    if (!now.equals(before)) {
      expectEachOnce();
    }
  }

  private void expectEachOnce() throws Exception {
    assertThat(master.published().values()).allMatch(rows -> rows.size() == 1);
  }

  private Answer ask(Order order) throws Exception {
    OrderFolder orders = new OrderFolder(master.repository);
    Asked asked = orders.ask(order, "on-call", "sale ended", NOON, random);
    master.cycle.run();
    return orders.answer(asked).orElseThrow();
  }

  private void delete(long from, long to) {
    for (long id = from; id < to; id++) {
      source.delete(id);
    }
  }

  private HeldCity held(City city) throws Exception {
    return master.publisher.gate().held().get(city);
  }

  private long documents(City city) {
    return master.snapshot().city(city).orElseThrow().documents();
  }

  private void reopen() throws Exception {
    master.close();
    open();
  }

  private void open() throws Exception {
    master = Master.start(root, source, IndexDirectories.FILES, new SystemTime());
  }
}
