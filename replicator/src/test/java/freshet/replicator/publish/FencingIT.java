package freshet.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.RepositoryChecks;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Histories 24, 27 and 28: orphans, two masters, a repository that went away. */
class FencingIT {
  @TempDir Path folder;

  @Test
  void theSecondOfTwoMastersFencesTheFirst() throws Exception {
    try (TestMaster one = new TestMaster(folder, 1)) {
      TestCity city = one.city("berlin").put(1, "one", 10);
      SnapshotPublisher first = one.open();
      first.publish(one.commit(city));

      TestMaster two = new TestMaster(folder, 2);
      two.options =
          new PublishOptions(folder.resolve("second/state.json"), 50, one.options.retention());
      SnapshotPublisher second = two.open();

      assertThat(second.epoch()).isEqualTo(2);
      PublishRequest next = one.commit(city.put(2, "two", 20));
      assertThatThrownBy(() -> first.publish(next))
          .isInstanceOf(PublishException.Fenced.class)
          .hasMessage(
              one.root
                  + ": epoch 2 was taken by another master, this one holds 1 and stops publishing;"
                  + " if this one shall be the master, stop the other and run here: bin/indexer"
                  + " takeover");
      assertThatThrownBy(() -> first.refresh(FreshnessClaim.NONE))
          .isInstanceOf(PublishException.Fenced.class);
      second.publish(next);
      assertThat(RepositoryChecks.complete(one.root).generation()).isEqualTo(new Generation(2, 2));
      assertThatThrownBy(one::open).isInstanceOf(PublishException.Fenced.class);

      assertThat(one.takeover().epoch()).isEqualTo(3);
      assertThatThrownBy(() -> second.refresh(FreshnessClaim.NONE))
          .isInstanceOf(PublishException.Fenced.class);
    }
  }

  @Test
  void ofAMasterAndItsCloneOneStops() throws Exception {
    try (TestMaster one = new TestMaster(folder)) {
      TestCity city = one.city("berlin").put(1, "one", 10);
      SnapshotPublisher original = one.open();
      original.publish(one.commit(city));
      TestMaster two = new TestMaster(folder, 2);
      two.options = new PublishOptions(folder.resolve("clone.json"), 50, one.options.retention());
      Files.copy(one.options.stateFile(), two.options.stateFile());

      SnapshotPublisher clone = two.open();
      PublishRequest next = one.commit(city.put(2, "two", 20));
      original.publish(next);

      assertThatThrownBy(() -> clone.publish(next)).isInstanceOf(PublishException.Fenced.class);
      assertThatThrownBy(two::open)
          .isInstanceOf(PublishException.Fenced.class)
          .hasMessageContaining("by a copy of its working directory");
      original.publish(one.commit(city.put(3, "three", 30)));
      RepositoryChecks.complete(one.root);
    }
  }

  @Test
  void theNumberOfAnOrphanManifestIsNotUsedAgain() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      TestCity city = master.city("berlin").put(1, "one", 10);
      PublishRequest first = master.commit(city);
      master.open().publish(first);
      Snapshot snapshot = RepositoryChecks.complete(master.root);
      Path orphan =
          master.repository().layout().resolve(RepositoryLayout.snapshotName(new Generation(1, 2)));
      DurableFiles.write(orphan, SnapshotCodec.write(snapshot.manifest()));

      SnapshotPublisher publisher = master.open();
      assertThat(publisher.current()).contains(snapshot);
      PublishReport report = publisher.publish(master.commit(city.put(2, "two", 20)));
      assertThat(report.generation()).isEqualTo(new Generation(1, 3));
      assertThat(RepositoryChecks.complete(master.root).manifest().base())
          .isEqualTo(new Generation(1, 1));
    }
  }

  @Test
  void aDeletedRepositoryIsTakenOverWithItsIdentityAndAHigherEpoch() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      TestCity city = master.city("berlin").put(1, "one", 10);
      SnapshotPublisher running = master.open();
      PublishRequest first = master.commit(city);
      running.publish(first);
      RepositoryId id = master.repository().latest().orElseThrow().repository();
      DurableFiles.deleteTree(master.root);

      assertThatThrownBy(() -> running.refresh(FreshnessClaim.NONE))
          .isInstanceOf(PublishException.Replaced.class);
      SnapshotPublisher again = master.open();
      assertThat(again.current()).isEmpty();
      again.publish(first);
      Advertisement latest = master.repository().latest().orElseThrow();
      assertThat(latest.repository()).isEqualTo(id);
      assertThat(latest.generation()).isEqualTo(new Generation(2, 2));
      RepositoryChecks.complete(master.root);
    }
  }

  @Test
  void aRestoredRepositoryIsTakenOverWithAHigherEpoch() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      TestCity city = master.city("berlin").put(1, "one", 10);
      SnapshotPublisher running = master.open();
      running.publish(master.commit(city));
      Path backup = folder.resolve("backup");
      copyTree(master.root, backup);
      PublishRequest second = master.commit(city.put(2, "two", 20));
      running.publish(second);
      running.publish(master.commit(city.put(3, "three", 30)));
      DurableFiles.deleteTree(master.root);
      copyTree(backup, master.root);

      SnapshotPublisher again = master.open();
      assertThat(again.epoch()).isEqualTo(2);
      assertThat(again.current().orElseThrow().generation()).isEqualTo(new Generation(1, 1));
      again.publish(master.commit(city.put(4, "four", 40)));
      Snapshot end = RepositoryChecks.complete(master.root);
      assertThat(end.generation()).isEqualTo(new Generation(2, 4));
      assertThat(end.documents()).isEqualTo(4);
      assertThat(end.cities().values()).extracting(CityEntry::documents).containsExactly(4L);
    }
  }

  @Test
  void aDamagedLatestStopsTheStartUntilTakeover() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      TestCity city = master.city("berlin").put(1, "one", 10);
      PublishRequest first = master.commit(city);
      master.open().publish(first);
      Files.writeString(master.repository().layout().latest(), "{");

      assertThatThrownBy(master::open)
          .isInstanceOf(PublishException.Damaged.class)
          .hasMessageContaining("bin/indexer takeover");
      SnapshotPublisher taken = master.takeover();
      assertThat(taken.current()).isEmpty();
      taken.publish(first);
      assertThat(RepositoryChecks.complete(master.root).generation())
          .isEqualTo(new Generation(2, 2));
    }
  }

  @Test
  void whoOpensTheRepositoryAfterATakeoverMeetsNoDamageAgain() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      TestCity city = master.city("berlin").put(1, "one", 10);
      PublishRequest first = master.commit(city);
      RepositoryLayout layout = master.repository().layout();
      List<Path> damaged =
          List.of(
              layout.latest(), layout.resolve(RepositoryLayout.snapshotName(new Generation(2, 2))));
      master.open().publish(first);
      for (Path file : damaged) {
        Files.writeString(file, "{");
        master.takeover();
        assertThat(layout.control().resolve("LATEST.damaged")).exists();

        SnapshotPublisher next = master.open();
        assertThat(next.current()).isEmpty();
        next.publish(first);
        RepositoryChecks.complete(master.root);
      }
    }
  }

  @Test
  void whoTakesOverWithoutLatestOrMemoryKeepsTheIdentityThatSlavesKnow() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      PublishRequest first = master.commit(master.city("berlin").put(1, "one", 10));
      master.open().publish(first);
      RepositoryId id = master.repository().latest().orElseThrow().repository();
      Files.writeString(master.repository().layout().latest(), "{");

      TestMaster other = new TestMaster(folder, 2);
      other.options =
          new PublishOptions(folder.resolve("other/state.json"), 50, master.options.retention());
      other.takeover().publish(first);
      assertThat(other.repository().latest().orElseThrow().repository()).isEqualTo(id);
      RepositoryChecks.complete(master.root);
    }
  }

  @Test
  void aFencedMasterCollectsNothing() throws Exception {
    try (TestMaster one = new TestMaster(folder, 1)) {
      SnapshotPublisher first = one.open();
      first.publish(one.commit(one.city("berlin").put(1, "one", 10)));
      TestMaster two = new TestMaster(folder, 2);
      two.options =
          new PublishOptions(folder.resolve("second/state.json"), 50, one.options.retention());
      // A master that has not collected yet looks through all folders.
      SnapshotPublisher late = one.open();
      two.open();
      Path placed =
          one.repository()
              .layout()
              .resolve(RepositoryLayout.cityManifestName(one.entry("berlin")))
              .resolveSibling("_99.cfs");
      Files.writeString(placed, "which the second is about to publish");

      assertThatThrownBy(late::collectAll).isInstanceOf(PublishException.Fenced.class);
      assertThat(placed).exists();
    }
  }

  @Test
  void thePackOfACloneStaysAsItIs() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      TestCity city = master.city("berlin").put(1, "one", 10);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(city));
      Path pack =
          master.repository().layout().resolve(RepositoryLayout.packName(new Generation(1, 2)));
      Files.writeString(pack, "of the clone");

      PublishRequest next = master.commit(city.put(2, "two", 20));
      assertThatThrownBy(() -> publisher.publish(next))
          .isInstanceOf(PublishException.Fenced.class)
          .hasMessageContaining(pack + " exists and is not from this master");
      assertThat(pack).hasContent("of the clone");
    }
  }

  @Test
  void whoIsRefusedLeavesWhatTheMasterIsWriting() throws Exception {
    try (TestMaster one = new TestMaster(folder, 1)) {
      TestCity city = one.city("berlin").put(1, "one", 10);
      one.open().publish(one.commit(city));
      TestMaster two = new TestMaster(folder, 2);
      two.options =
          new PublishOptions(folder.resolve("second/state.json"), 50, one.options.retention());
      two.open().publish(one.commit(city.put(2, "two", 20)));
      Path halfWritten = two.repository().layout().packs().resolve("pack.1a.tmp");
      Files.writeString(halfWritten, "half");

      assertThatThrownBy(one::open).isInstanceOf(PublishException.Fenced.class);
      assertThat(halfWritten).exists();
      two.open();
      assertThat(halfWritten).doesNotExist();
    }
  }

  static void copyTree(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
