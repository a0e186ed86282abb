package freshet.replicator.gate;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestCity;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.snapshot.City;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gate on a repository, with limits so low that few documents are enough. */
class PublishGateIT {
  private static final City X = new City("x");
  private static final City Y = new City("y");

  @TempDir Path folder;

  private TestMaster master;
  private TestCity x;

  @BeforeEach
  void tenDocuments() throws Exception {
    master = new TestMaster(folder);
    master.options =
        new PublishOptions(
            master.options.stateFile(), 50, master.options.retention(), new GateLimits(20, 3, 1));
    x = master.city("x");
    for (int id = 0; id < 10; id++) {
      x.put(id, "document", id);
    }
    try (SnapshotPublisher publisher = master.open()) {
      publisher.publish(master.commit(x));
    }
  }

  @AfterEach
  void close() throws Exception {
    master.close();
  }

  @Test
  void theMaximumOutlivesARestartATakeoverAndALostFile() throws Exception {
    try (SnapshotPublisher publisher = master.open()) {
      x.remove(0).remove(1).remove(2);
      publisher.publish(master.commit(x));
    }
    master.time.advance(Duration.ofMinutes(30));
    try (SnapshotPublisher publisher = master.open()) {
      assertThat(examine(publisher, 6).held()).containsOnlyKeys(X);
      assertThat(examine(publisher, 7).held()).isEmpty();
    }
    try (SnapshotPublisher publisher = master.takeover()) {
      assertThat(examine(publisher, 6).held()).containsOnlyKeys(X);
      publisher.publish(master.commit(x));
    }
    Files.deleteIfExists(master.repository().layout().documents());
    try (SnapshotPublisher publisher = master.open()) {
      assertThat(examine(publisher, 7).held()).isEmpty();
      assertThat(examine(publisher, 6).held()).containsOnlyKeys(X);
    }
    master.time.advance(Duration.ofHours(26));
    try (SnapshotPublisher publisher = master.open()) {
      assertThat(examine(publisher, 6).held()).as("a day later").isEmpty();
    }
  }

  @Test
  void whatMovedBeforeARestartIsNotMissed() throws Exception {
    try (SnapshotPublisher publisher = master.open()) {
      publisher.gate().departed(Map.of(X, 8L));
    }
    try (SnapshotPublisher publisher = master.open()) {
      assertThat(examine(publisher, 2).held()).isEmpty();
    }
  }

  @Test
  void whatNobodyRemembersIsExplainedByWhatOthersGained() throws Exception {
    try (SnapshotPublisher publisher = master.open()) {
      assertThat(publisher.gate().examine(Map.of(X, 1L, Y, 9L), Set.of(X, Y), Set.of()).held())
          .isEmpty();
    }
  }

  @Test
  void moreThanTheMostHoldTheWhole() throws Exception {
    TestCity y = master.city("y");
    for (int id = 10; id < 20; id++) {
      y.put(id, "document", id);
    }
    try (SnapshotPublisher publisher = master.open()) {
      publisher.publish(master.commit(y));
      assertThat(examine(publisher, 0).whole()).isNull();
      GateReport both = publisher.gate().examine(Map.of(X, 0L, Y, 0L), Set.of(), Set.of());
      assertThat(both.held()).containsOnlyKeys(X, Y);
      assertThat(both.whole()).contains("2 cities fail", "max_held_cities = 1", "approve");
    }
  }

  @Test
  void anApprovalLastsUntilTheCityIsPublishedAndNoLonger() throws Exception {
    try (SnapshotPublisher publisher = master.open()) {
      PublishGate gate = publisher.gate();
      assertThat(examine(publisher, 4).held()).containsOnlyKeys(X);
      approve(4);
      assertThat(examine(publisher, 4).held()).isEmpty();
      assertThat(examine(publisher, 3).held()).as("not published meanwhile").containsOnlyKeys(X);
      assertThat(examine(publisher, 4).held()).isEmpty();

      gate.hold(X, new Hold.Exchanged(List.of(Y)));
      assertThat(gate.held().get(X).hold().explain())
          .isEqualTo("exchanged documents with held cities: [y]; approved were 4 or more, by ann");
      assertThat(examine(publisher, 3).held()).containsOnlyKeys(X);
      assertThat(examine(publisher, 4).held()).isEmpty();
    }
    try (SnapshotPublisher publisher = master.open()) {
      assertThat(examine(publisher, 3).held()).as("after a restart").containsOnlyKeys(X);
      for (int id = 0; id < 6; id++) {
        x.remove(id);
      }
      publisher.publish(master.commit(x));
      assertThat(publisher.gate().held()).isEmpty();
      assertThat(examine(publisher, 0).held()).as("it is used up").containsOnlyKeys(X);
    }
    try (SnapshotPublisher publisher = master.open()) {
      publisher.gate().release(X, false);
      assertThat(examine(publisher, 1).held()).as("4 are expected by now").isEmpty();
    }
  }

  @Test
  void citiesThatCouldNotBeReadDoNotHoldTheWholeOnceTheyWereMadeAnew() throws Exception {
    try (SnapshotPublisher publisher = master.open()) {
      PublishGate gate = publisher.gate();
      gate.hold(X, new Hold.Unreadable("cut"));
      assertThat(gate.whole()).isEmpty();
      gate.hold(Y, new Hold.Unreadable("cut"));
      assertThat(gate.whole().orElseThrow()).contains("2 cities fail");
      assertThat(gate.examine(Map.of(X, 10L, Y, 10L), Set.of(), Set.of()).whole()).isNull();
      assertThat(gate.examine(Map.of(), Set.of(), Set.of()).whole()).isNull();
    }
  }

  @Test
  void aHoldWhoseCityWasPublishedAsTheProcessEndedDoesNotOutliveIt() throws Exception {
    try (SnapshotPublisher publisher = master.open()) {
      publisher.gate().hold(X, new Hold.Exchanged(List.of(Y)));
      publisher.gate().hold(Y, new Hold.Exchanged(List.of(X)));
    }
    try (SnapshotPublisher publisher = master.open()) {
      assertThat(publisher.gate().held()).as("y was never published").containsOnlyKeys(Y);
    }
  }

  @Test
  void whereNothingIsPublishedAnyMoreNoCityIsKeptFromIt() throws Exception {
    try (SnapshotPublisher publisher = master.open()) {
      publisher.gate().hold(X, new Hold.Rejected("ann", null));
      assertThat(examine(publisher, 10).held()).containsOnlyKeys(X);
    }
    Files.writeString(master.repository().layout().latest(), "{");
    try (SnapshotPublisher publisher = master.takeover()) {
      assertThat(examine(publisher, 10).held()).isEmpty();
      assertThat(publisher.gate().held()).isEmpty();
    }
  }

  @Test
  void aCityWhoseHoldIsDamagedStaysHeldAndTheFileIsPutAside() throws Exception {
    Path holds = master.repository().layout().holds();
    try (SnapshotPublisher publisher = master.open()) {
      assertThat(examine(publisher, 0).held()).containsOnlyKeys(X);
      Files.writeString(holds.resolve("x.json"), "{\"format\":1,\"ci");
      Files.writeString(holds.resolve("No City.json"), "{");
      assertThat(publisher.gate().held().get(X).hold()).isInstanceOf(Hold.Damaged.class);

      // Whatever it has by now: the hold may have been one that a person decided.
      assertThat(examine(publisher, 10).held()).containsOnlyKeys(X);
      assertThat(holds.resolve("x.json.damaged")).hasContent("{\"format\":1,\"ci");
      assertThat(holds.resolve("No City.json")).doesNotExist();
      assertThat(publisher.gate().held().get(X).hold().explain())
          .contains("why it is held can't be read any more")
          .contains("until it is resumed");
      publisher.gate().release(X, false);
      assertThat(examine(publisher, 10).held()).isEmpty();
    }
  }

  private void approve(long documents) throws Exception {
    Approval approval = new Approval(documents, "ann", TestMaster.START, null);
    assertThat(new HoldFolder(master.repository()).approve(X, approval)).isEmpty();
  }

  private static GateReport examine(SnapshotPublisher publisher, long documents) throws Exception {
    return publisher.gate().examine(Map.of(X, documents), Set.of(), Set.of());
  }
}
