package freshet.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.lease.LeaseFolder;
import freshet.replicator.lease.LeaseKeeper;
import freshet.replicator.repository.CollectionReport;
import freshet.replicator.repository.RepositoryChecks;
import freshet.replicator.repository.RepositoryCollector;
import freshet.replicator.repository.Retention;
import freshet.replicator.repository.Why;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Collecting what a real publisher has written. */
class RepositoryCollectorIT {
  @TempDir Path folder;

  @Test
  void everySnapshotThatStaysIsCompleteAndNothingElseIsLeft() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      master.options =
          new PublishOptions(
              master.options.stateFile(), 4, new Retention(2, Duration.ofSeconds(30)));
      TestCity berlin = master.city("berlin");
      TestCity rome = master.city("rome").put(0, "rome", 1);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(berlin, rome));
      List<Snapshot> published = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        master.time.advance(Duration.ofSeconds(10));
        publisher.publish(master.commit(berlin.put(i, "title", i).remove(i - 2)));
        published.add(publisher.current().orElseThrow());
        if (i == 20) {
          publisher = master.open();
        }
      }

      // The last 30 s are three snapshots, and the bases of the first of them.
      assertThat(manifests(master).size()).isBetween(3, 3 + 4);
      for (Snapshot snapshot : published) {
        if (manifests(master).contains(snapshot.generation().toString())) {
          RepositoryChecks.complete(master.repository(), snapshot);
        }
      }
      assertThat(indexFiles(master)).isEqualTo(named(master, published));
      RepositoryChecks.checkIndexes(master.root);
    }
  }

  @Test
  void aLongChainThatEndsIsRemovedAShareAtATime() throws Exception {
    int chain = 80;
    try (TestMaster master = new TestMaster(folder)) {
      master.options =
          new PublishOptions(master.options.stateFile(), chain, new Retention(1, Duration.ZERO));
      TestCity berlin = master.city("berlin");
      SnapshotPublisher publisher = master.open();
      List<Integer> left = new ArrayList<>();
      for (int i = 1; i <= chain + 2; i++) {
        publisher.publish(master.commit(berlin.put(i % 3, "title", i)));
        left.add(cityManifests(master));
      }

      assertThat(left.get(chain - 1)).isEqualTo(chain);
      assertThat(left.get(chain)).isEqualTo(chain + 1 - 64);
      assertThat(left.get(chain + 1)).isEqualTo(2);
      RepositoryChecks.complete(master.root);
    }
  }

  private static int cityManifests(TestMaster master) {
    try {
      Path folder =
          master
              .repository()
              .layout()
              .folderOf(RepositoryLayout.cityManifestName(master.entry("berlin")));
      try (var files = Files.newDirectoryStream(folder, "c-*.json")) {
        int count = 0;
        for (Path unused : files) {
          count++;
        }
        return count;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void slavesAreToldBeforeAnythingIsCollected() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      master.options =
          new PublishOptions(master.options.stateFile(), 1, new Retention(1, Duration.ZERO));
      TestCity berlin = master.city("berlin").put(1, "one", 1);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(berlin));
      List<Integer> manifests = new ArrayList<>();
      publisher.onMove(() -> manifests.add(cityManifests(master)));

      publisher.publish(master.commit(berlin.put(2, "two", 2)));
      manifests.add(cityManifests(master));
      publisher.refresh(FreshnessClaim.NONE);

      assertThat(manifests).containsExactly(2, 1, 1);
    }
  }

  @Test
  void aPinKeepsASnapshotWhole() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      master.options =
          new PublishOptions(master.options.stateFile(), 5, new Retention(1, Duration.ZERO));
      TestCity berlin = master.city("berlin").put(1, "one", 1);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(berlin));
      publisher.publish(master.commit(berlin.put(2, "two", 2)));
      Snapshot pinned = publisher.current().orElseThrow();
      Path pins = master.repository().layout().pins();
      Files.createDirectories(pins);
      Files.createFile(pins.resolve(pinned.generation().toString()));
      for (int i = 3; i < 20; i++) {
        publisher.publish(master.commit(berlin.put(i, "title", i)));
      }
      RepositoryChecks.complete(master.repository(), pinned);

      Files.delete(pins.resolve(pinned.generation().toString()));
      publisher.publish(master.commit(berlin.put(99, "title", 99)));
      assertThat(manifests(master)).doesNotContain(pinned.generation().toString());
      RepositoryChecks.complete(master.root);
    }
  }

  @Test
  void whatSomebodyIsFetchingStaysWhole() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      master.options =
          new PublishOptions(master.options.stateFile(), 5, new Retention(1, Duration.ZERO));
      TestCity berlin = master.city("berlin").put(1, "one", 1);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(berlin));
      Snapshot fetched = publisher.current().orElseThrow();
      LeaseKeeper leases = new LeaseKeeper(master.repository().layout(), master.time);
      for (int i = 2; i < 20; i++) {
        leases.renew("node-1", fetched.generation());
        master.time.advance(Duration.ofMinutes(2));
        publisher.publish(master.commit(berlin.put(1, "title", i)));
      }
      RepositoryChecks.complete(master.repository(), fetched);

      master.time.advance(LeaseFolder.DEFAULT_TIME);
      publisher.publish(master.commit(berlin.put(99, "title", 99)));
      assertThat(manifests(master)).doesNotContain(fetched.generation().toString());
      RepositoryChecks.complete(master.root);
    }
  }

  @Test
  void afterAServerBeganNothingIsCollectedForOneLeaseTime() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      Retention small =
          new Retention(
              1, Duration.ZERO, Duration.ZERO, Duration.ZERO, LeaseFolder.DEFAULT_TIME, 1_000);
      master.options = new PublishOptions(master.options.stateFile(), 5, small);
      TestCity berlin = master.city("berlin").put(1, "one", 1);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(berlin));
      // Who was fetching it was known to a host that lost its power.
      Snapshot fetched = publisher.current().orElseThrow();
      new LeaseFolder(master.repository().layout()).serverBegins(master.time.now());

      for (int i = 2; i < 10; i++) {
        publisher.publish(master.commit(berlin.put(1, "title", i)));
        // As cron does it: another process each time.
        new RepositoryCollector(master.repository(), small, master.time).collectAll();
      }
      master.time.advance(LeaseFolder.DEFAULT_TIME.minusMillis(1));
      CollectionReport waiting =
          RepositoryCollector.preview(master.repository(), small, master.time).collectAll();
      assertThat(waiting.removed()).isEmpty();
      assertThat(waiting.kept().get(fetched.generation())).contains(Why.AWAITED);
      assertThat(publisher.collectAll().removed()).isEmpty();
      assertThat(manifests(master)).hasSize(9);
      RepositoryChecks.complete(master.repository(), fetched);

      master.time.advance(Duration.ofMillis(1));
      assertThat(publisher.collectAll().removed()).contains(fetched.generation());
      RepositoryChecks.complete(master.root);
    }
  }

  @Test
  void aboveTheBoundTheOldestGoButNoneThatIsNeeded() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      long bound = 200_000;
      master.options = new PublishOptions(master.options.stateFile(), 3, bounded(bound));
      TestCity berlin = master.city("berlin").put(0, "zero", 0);
      SnapshotPublisher publisher = master.open();
      publisher.publish(master.commit(berlin));
      Snapshot pinned = publisher.current().orElseThrow();
      master.repository().pin(pinned.generation());
      for (int i = 1; i < 60; i++) {
        master.time.advance(Duration.ofMinutes(11));
        // Another content, so that each segment is of one commit alone.
        publisher.publish(master.commit(berlin.remove(i - 1).put(i, "title", i)));
      }
      CollectionReport report = publisher.collectAll();

      assertThat(report.excess()).isZero();
      assertThat(bytes(master)).isLessThanOrEqualTo(bound);
      Set<String> left = manifests(master);
      assertThat(left).contains(pinned.generation().toString()).hasSizeGreaterThan(5);
      assertThat(new TreeSet<>(left).tailSet("1-0000000050"))
          .as("the newest were not thinned")
          .hasSize(11);
      RepositoryChecks.complete(master.repository(), pinned);
      RepositoryChecks.complete(master.root);

      CollectionReport preview =
          RepositoryCollector.preview(master.repository(), bounded(1_000), master.time)
              .collectAll();
      assertThat(preview.excess()).isPositive();
      assertThat(preview.removed()).doesNotContain(pinned.generation()).isNotEmpty();
      assertThat(preview.text()).contains("above repository.max_bytes stay");
      assertThat(manifests(master)).as("a preview removes nothing").isEqualTo(left);
      CollectionReport done =
          new RepositoryCollector(master.repository(), bounded(1_000), master.time).collectAll();
      assertThat(done).isEqualTo(preview);
      RepositoryChecks.complete(master.repository(), pinned);
      RepositoryChecks.complete(master.root);
    }
  }

  private static Retention bounded(long maxBytes) {
    return new Retention(
        1000, Duration.ofDays(1), Duration.ZERO, Duration.ZERO, LeaseFolder.DEFAULT_TIME, maxBytes);
  }

  private static long bytes(TestMaster master) throws Exception {
    long bytes = 0;
    try (var files = Files.walk(master.root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = master.root.relativize(file).toString();
        boolean isCounted = !name.startsWith("control") && !name.equals("LATEST");
        bytes += isCounted ? Files.size(file) : 0;
      }
    }
    return bytes;
  }

  @Test
  void theFirstCollectionFindsWhatACrashLeft() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      TestCity berlin = master.city("berlin").put(1, "one", 1);
      master.open().publish(master.commit(berlin));
      RepositoryLayout layout = master.repository().layout();
      Path orphan = layout.incarnation(new City("gone"), new Incarnation("0123456789abcdef"));
      Files.createDirectories(orphan);
      Files.createFile(orphan.resolve("_0.cfs"));
      Path beside =
          layout
              .resolve(RepositoryLayout.cityManifestName(master.entry("berlin")))
              .resolveSibling("_77.cfs");
      Files.createFile(beside);
      Path fetching = beside.resolveSibling("_78.cfs.part");
      Files.createFile(fetching);
      master.time.advance(Duration.between(TestMaster.START, lastModified(fetching)));

      CollectionReport report =
          new RepositoryCollector(master.repository(), master.options.retention(), master.time)
              .collect();

      assertThat(report.files()).isEqualTo(2);
      assertThat(orphan.getParent()).doesNotExist();
      assertThat(beside).doesNotExist();
      assertThat(fetching).exists();
      RepositoryChecks.complete(master.root);
    }
  }

  @Test
  void aDamagedManifestStopsTheCollectionOfFiles() throws Exception {
    try (TestMaster master = new TestMaster(folder)) {
      TestCity berlin = master.city("berlin").put(1, "one", 1);
      master.open().publish(master.commit(berlin));
      RepositoryLayout layout = master.repository().layout();
      Path orphan =
          layout
              .resolve(RepositoryLayout.cityManifestName(master.entry("berlin")))
              .resolveSibling("_77.cfs");
      Files.createFile(orphan);
      Files.writeString(layout.resolve(RepositoryLayout.snapshotName(new Generation(1, 9))), "{");

      new RepositoryCollector(master.repository(), master.options.retention(), master.time)
          .collect();
      assertThat(orphan).exists();
    }
  }

  private static java.time.Instant lastModified(Path file) throws Exception {
    return Files.getLastModifiedTime(file).toInstant();
  }

  private static Set<String> manifests(TestMaster master) throws Exception {
    try (var files = Files.list(master.repository().layout().snapshots())) {
      return new TreeSet<>(
          files.map(file -> file.getFileName().toString().replace(".json", "")).toList());
    }
  }

  private static Set<String> indexFiles(TestMaster master) throws Exception {
    try (var files = Files.walk(master.repository().layout().cities())) {
      return new TreeSet<>(
          files
              .filter(Files::isRegularFile)
              .map(file -> master.root.relativize(file).toString())
              .toList());
    }
  }

  private static Set<String> named(TestMaster master, List<Snapshot> published) throws Exception {
    Set<String> names = new TreeSet<>();
    for (Snapshot snapshot : published) {
      if (!manifests(master).contains(snapshot.generation().toString())) {
        continue;
      }
      for (var entry : snapshot.cities().values()) {
        names.add(RepositoryLayout.cityManifestName(entry));
        master
            .repository()
            .cityManifest(entry)
            .files()
            .forEach(
                file ->
                    names.add(
                        RepositoryLayout.fileName(entry.city(), entry.incarnation(), file.name())));
      }
    }
    return names;
  }
}
