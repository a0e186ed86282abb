package freshet.replicator.app;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import freshet.replicator.command.Verb;
import freshet.replicator.config.Secret;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.http.TokenGuard;
import freshet.replicator.order.OrderFolder;
import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestCity;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.repository.Retention;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.serve.ServeOptions;
import freshet.replicator.serve.SnapshotServer;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.tls.TestCertificate;
import freshet.replicator.tls.TlsContexts;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The verbs about a repository, beside which no master runs. */
class SnapshotsVerbsIT {
  private static final Generation FIRST = new Generation(1, 1);
  private static final Generation SECOND = new Generation(1, 2);

  @TempDir Path folder;

  private TestMaster master;
  private TestCity boston;

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void twoSnapshots() throws Exception {
    master = new TestMaster(folder);
    boston = master.city("boston").put(1, "one", 1);
    try (SnapshotPublisher publisher = master.open()) {
      publisher.publish(master.commit(boston));
      boston.put(2, "two", 2);
      publisher.publish(master.commit(boston));
    }
  }

  @AfterEach
  void close() throws Exception {
    master.close();
  }

  @Test
  void snapshotsAreListedAndShownAndPinned() throws Exception {
    Run list = run("snapshots", "list");
    assertThat(list.exitCode).as(list.err).isZero();
    assertThat(list.out.lines().toList())
        .satisfiesExactly(
            newest -> assertThat(newest).startsWith(SECOND.toString()).endsWith("LATEST"),
            oldest -> assertThat(oldest).startsWith(FIRST.toString()).contains("1 document "));
    assertThat(run("snapshots", "list", "--json").out).contains("\"isLatest\":true", "\"held\":[]");
    assertThat(run("snapshots", "show", FIRST.toString()).out).contains("boston: commit 1 of");
    assertThat(run("snapshots", "show", "1-0000000009").exitCode).isEqualTo(2);
    assertThat(run("snapshots", "show", "nine").err).contains("written like 3-0000000421");

    assertThat(run("snapshots", "pin", FIRST.toString()).exitCode).isZero();
    assertThat(run("snapshots", "list").out).contains("pinned");
    assertThat(master.repository().pinned()).containsExactly(FIRST);
    assertThat(run("snapshots", "unpin", FIRST.toString(), "--json").out)
        .contains("\"isPinned\":false");
    assertThat(master.repository().pinned()).isEmpty();
  }

  @Test
  void whatIsNotHeldCanNotBeApproved() throws Exception {
    Run known = run("approve", "--city", "boston");
    assertThat(known.exitCode).isEqualTo(2);
    assertThat(known.err).contains("city boston is not held; no city is", master.root.toString());
    Run mistyped = run("reject", "--city", "bosten");
    assertThat(mistyped.exitCode).isEqualTo(2);
    assertThat(mistyped.err).contains("there is no city bosten; did you mean boston?");
  }

  @Test
  void anOrderStaysUntilAMasterTakesItUp() throws Exception {
    Run dry = run("snapshots", "rollback", FIRST.toString(), "--dry-run");
    assertThat(dry.exitCode).isZero();
    assertThat(new OrderFolder(master.repository()).open()).isEmpty();

    Run asked = run("snapshots", "rollback", FIRST.toString(), "--wait", "0", "--by", "ann");
    assertThat(asked.exitCode).isEqualTo(75);
    assertThat(asked.err).contains("It stays asked for");
    assertThat(new OrderFolder(master.repository()).open())
        .singleElement()
        .satisfies(one -> assertThat(one.by()).isEqualTo("ann"));
    assertThat(run("snapshots", "resume").err).contains("--keep", "--replay");
    assertThat(run("snapshots", "rollback", FIRST.toString(), "--city", "bosten").err)
        .contains("did you mean boston?");
  }

  @Test
  void whatNeedsNoMasterIsDoneAtOnceAndAudited() throws Exception {
    master.repository().createFolders();
    Path holds = Files.createDirectories(master.repository().layout().holds());
    Files.writeString(
        holds.resolve("boston.json"),
        """
        {"format":1,"city":"boston","since":"2026-03-01T12:00:00Z",
         "hold":{"kind":"dropped","documents":1,"expected":2000}}""");
    assertThat(run("approve", "--city", "boston", "--dry-run").out)
        .contains("city boston passes with 1 document or more");
    Run approved = run("approve", "--city", "boston", "--by", "ann", "--reason", "sale");
    assertThat(approved.exitCode).as(approved.err).isZero();
    assertThat(approved.out).contains("city boston is published once it has 1 document or more");
    assertThat(run("snapshots", "list").out).contains("approved were 1 or more, by ann");
    assertThat(run("reject", "--city", "boston", "--by", "bob", "--json").out)
        .contains("\"isDone\":true");
    assertThat(run("snapshots", "list").out).contains("rejected by bob");
    assertThat(new OrderFolder(master.repository()).open()).isEmpty();
    assertThat(Files.readAllLines(master.repository().layout().audit())).hasSize(2);
    // To publish takes the master.
    Run resumed = run("snapshots", "resume", "--keep", "--wait", "600");
    assertThat(resumed.exitCode).isEqualTo(75);
    assertThat(resumed.err).contains("no master runs: to resume is to publish");
  }

  @Test
  void whereAMasterRunsTheOrderWaitsForIt() throws Exception {
    SnapshotPublisher running = master.open();
    try (running) {
      Run asked = run("snapshots", "gc", "--wait", "0");
      assertThat(asked.exitCode).isEqualTo(75);
      assertThat(asked.err).contains("not taken up by a master within 0 s");
      assertThat(new OrderFolder(master.repository()).open()).hasSize(1);
    }
  }

  @Test
  void gcSaysWhyEachSnapshotStaysAndRemovesTheOthers() throws Exception {
    master.options =
        new PublishOptions(master.options.stateFile(), 1, new Retention(1, Duration.ZERO));
    try (SnapshotPublisher publisher = master.open()) {
      for (int version = 3; version < 6; version++) {
        master.time.advance(Duration.ofSeconds(10));
        publisher.publish(master.commit(boston.put(version, "more", version)));
      }
    }
    Generation kept = new Generation(1, 5);
    assertThat(master.repository().generations()).containsExactly(kept);
    try (SnapshotPublisher publisher = master.open()) {
      publisher.publish(master.commit(boston.put(7, "more", 7)));
    }
    Generation newest = new Generation(1, 6);
    Path orphan =
        master
            .repository()
            .layout()
            .resolve(RepositoryLayout.cityManifestName(master.entry("boston")))
            .resolveSibling("_99.cfs");
    Files.writeString(orphan, "left by a crash");
    assertThat(run("snapshots", "pin", newest.toString(), "--dry-run").out).contains("would be");
    assertThat(run("snapshots", "pin", newest.toString()).exitCode).isZero();

    Run dry = run("snapshots", "gc", "--dry-run");
    assertThat(dry.exitCode).as(dry.err).isZero();
    assertThat(dry.out)
        .contains(newest + "  stays: LATEST names it; pinned; the newest one within keep_for")
        .contains("would remove 0 snapshots, 1 file, 15 bytes");
    assertThat(orphan).exists();
    assertThat(run("snapshots", "gc", "--dry-run", "--json").out)
        .contains("\"" + newest + "\":[\"LATEST\",\"PINNED\"", "\"leases\":[]");
    Run done = run("snapshots", "gc");
    assertThat(done.exitCode).as(done.err).isZero();
    assertThat(done.out).contains("removed 0 snapshots, 1 file, 15 bytes");
    assertThat(orphan).doesNotExist();
  }

  @Test
  void gcWithABoundThatLatestAloneExceedsIsAFinding() throws Exception {
    master.options =
        new PublishOptions(
            master.options.stateFile(),
            1,
            new Retention(1, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 100));
    try (SnapshotPublisher publisher = master.open()) {
      publisher.publish(master.commit(boston.put(3, "more", 3)));
    }
    Run done = run("snapshots", "gc");
    assertThat(done.exitCode).as(done.err).isEqualTo(1);
    assertThat(done.out).contains("above repository.max_bytes stay");
  }

  @Test
  void aSnapshotGoesThroughAFileIntoAnotherFolder() throws Exception {
    String file = folder.resolve("out.tar.zst").toString();
    Run exported = run("export", file, "--city", "bos*");
    assertThat(exported.exitCode).as(exported.err).isZero();
    assertThat(exported.out).startsWith("1-0000000002 of ").contains("1 city, 2 documents");
    assertThat(run("export", file).err).contains("exists: name another file");
    assertThat(run("export", folder.resolve("x").toString(), "--generation", "1-0000000009").err)
        .contains("there is no snapshot 1-0000000009");

    Path into = folder.resolve("into");
    Run imported = plain("import", file, "--into", into.toString(), "--json");
    assertThat(imported.exitCode).as(imported.err).isZero();
    assertThat(imported.out).contains("\"generation\":\"1-0000000002\"", "\"documents\":2");
    assertThat(plain("snapshots", "verify", "--repository", into.toString()).out).contains("0 bad");
    Run approve = plain("approve", "--city", "boston", "--repository", into.toString());
    assertThat(approve.exitCode).isEqualTo(2);
    assertThat(approve.err).contains(into + " is a slave's store", "where the master publishes");
    Files.writeString(folder.resolve("evil"), "evil");
    Run evil = plain("import", folder.resolve("evil").toString(), "--into", into.toString());
    assertThat(evil.exitCode).isEqualTo(76);
    assertThat(evil.err).startsWith("not imported: ");
  }

  @Test
  void aFlippedBitIsFoundAndHealedByANewInode() throws Exception {
    assertThat(run("snapshots", "verify").out).contains(": 0 bad");
    Path copy = folder.resolve("copy");
    copy(master.root, copy);
    Path rotten = damage();
    Path working = folder.resolve("work/boston/_0.cfs");

    Run bad = run("snapshots", "verify");
    assertThat(bad.exitCode).isEqualTo(1);
    assertThat(bad.out).contains("_0.cfs: its content has changed: sha256 ", "1 bad, 0 healed");
    assertThat(run("snapshots", "verify", "--json").out)
        .contains("\"expected\":\"", "\"found\":\"");

    Run healed = run("snapshots", "verify", "--heal-from", copy.toString());
    assertThat(healed.exitCode).as(healed.out + healed.err).isZero();
    assertThat(healed.out).contains("; healed", "1 bad, 1 healed");
    assertThat(run("snapshots", "verify").exitCode).isZero();
    assertThat(Files.isSameFile(rotten, working)).as("the working index is linked anew").isTrue();
    assertThat(healed.err).contains("work/boston/_0.cfs]: linked anew");
  }

  @Test
  void itIsHealedByAServerThatWantsATokenAndShowsAPrivateCertificate() throws Exception {
    Path copy = folder.resolve("copy");
    copy(master.root, copy);
    damage();
    Path token = Files.writeString(folder.resolve("token"), "only-for-tests\n");
    TestCertificate certificate = TestCertificate.of(folder, "peer");
    Time time = new SystemTime();
    try (SnapshotServer snapshots =
            SnapshotServer.start(
                new LocalRepository(new RepositoryLayout(copy)),
                ServeOptions.DEFAULT,
                ServeLimits.DEFAULT,
                time,
                new Random(1));
        HttpServer peer =
            HttpServer.start(
                HttpOptions.at("127.0.0.1", 0),
                new HttpSecurity(
                    TlsContexts.server(certificate.certificate(), certificate.key(), time),
                    new TokenGuard(Secret.ofFile(token)::fetch, time)),
                snapshots.routes(),
                time,
                "test")) {
      String url = peer.uri().toString();
      Run stranger = run("snapshots", "verify", "--heal-from", url);
      assertThat(stranger.exitCode).isEqualTo(1);
      assertThat(stranger.err).contains("not healed", "--ca-file");
      String trusted = certificate.certificate().toString();
      Run nobody = run("snapshots", "verify", "--heal-from", url, "--ca-file", trusted);
      assertThat(nobody.exitCode).isEqualTo(1);
      assertThat(nobody.err).contains("not healed", "--token-file");

      Run healed =
          run(
              "snapshots",
              "verify",
              "--heal-from",
              url,
              "--ca-file",
              trusted,
              "--token-file",
              token.toString());
      assertThat(healed.exitCode).as(healed.out + healed.err).isZero();
      assertThat(healed.out).contains("1 bad, 1 healed");
    }
  }

  @Test
  void aSourceThatNeverEndsFillsNoDisk() throws Exception {
    Path rotten = damage();
    long length = Files.size(rotten);
    AtomicLong given = new AtomicLong();
    com.sun.net.httpserver.HttpServer endless =
        com.sun.net.httpserver.HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    endless.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            byte[] some = new byte[1 << 16];
            while (given.get() < 1L << 30) {
              exchange.getResponseBody().write(some);
              given.addAndGet(some.length);
            }
          }
        });
    endless.start();
    try {
      Run bad =
          run(
              "snapshots",
              "verify",
              "--heal-from",
              "http://127.0.0.1:" + endless.getAddress().getPort());
      assertThat(bad.exitCode).isEqualTo(1);
      assertThat(bad.err)
          .contains("_0.cfs: not healed: ", "another content too", "%,d bytes".formatted(length));
    } finally {
      endless.stop(0);
    }
    assertThat(given).as("the rest was not wanted").hasValueLessThan(1L << 28);
    assertThat(rotten.getParent()).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void aSourceThatIsNoneIsToldBeforeAnythingIsRead() {
    Run mistyped = run("snapshots", "verify", "--heal-from", "htp://slave-7:8701");
    assertThat(mistyped.exitCode).isEqualTo(2);
    assertThat(mistyped.err).startsWith("--heal-from: ").contains("not 'htp://slave-7:8701'");
    Run lacking =
        run("snapshots", "verify", "--heal-from", folder.toString(), "--token-file", "none");
    assertThat(lacking.exitCode).isEqualTo(2);
    assertThat(lacking.err).startsWith("--heal-from: ").contains("none");
  }

  /** Flips a bit of an index file, of the working index's link too. */
  private Path damage() throws Exception {
    CityEntry entry = master.entry("boston");
    Path rotten =
        master
            .repository()
            .layout()
            .incarnation(entry.city(), entry.incarnation())
            .resolve("_0.cfs");
    byte[] bytes = Files.readAllBytes(rotten);
    bytes[bytes.length / 2] ^= 4;
    Files.write(rotten, bytes);
    return rotten;
  }

  @Test
  void everyFileThatASnapshotLeadsToIsWatchedAndHealed() throws Exception {
    Path copy = folder.resolve("copy");
    copy(master.root, copy);
    List<String> names = new ArrayList<>();
    try (Stream<Path> all = Files.walk(copy)) {
      all.filter(Files::isRegularFile)
          .map(file -> copy.relativize(file).toString())
          .filter(name -> !name.startsWith("control/"))
          .forEach(names::add);
    }
    assertThat(names).anyMatch(name -> name.startsWith("packs/")).contains("LATEST");
    for (String name : names) {
      byte[] bytes = Files.readAllBytes(copy.resolve(name));
      bytes[bytes.length / 2] ^= 4;
      Files.delete(master.root.resolve(name));
      Files.write(master.root.resolve(name), bytes);

      Run bad = run("snapshots", "verify");
      assertThat(bad.exitCode).as(name).isEqualTo(1);
      assertThat(bad.out).contains(name, "1 bad, 0 healed");
      if (name.equals("LATEST")) {
        // Nothing vouches for another one: the master writes it anew.
        Files.copy(copy.resolve(name), master.root.resolve(name), REPLACE_EXISTING);
      }
      Run healed = run("snapshots", "verify", "--heal-from", copy.toString());
      assertThat(healed.exitCode).as(name + healed.out + healed.err).isZero();
      assertThat(run("snapshots", "verify").out).contains(": 0 bad");
    }
    Files.delete(master.root.resolve(names.getFirst()));
    assertThat(run("snapshots", "verify", "--heal-from", copy.toString()).exitCode).isZero();
  }

  @Test
  void whatLiesBehindABadManifestIsHealedWithIt() throws Exception {
    Path copy = folder.resolve("copy");
    copy(master.root, copy);
    CityEntry entry = master.entry("boston");
    for (String name :
        List.of(
            RepositoryLayout.snapshotName(SECOND),
            RepositoryLayout.cityManifestName(entry),
            RepositoryLayout.fileName(entry.city(), entry.incarnation(), "_1.cfs"))) {
      Files.delete(master.root.resolve(name));
      Files.writeString(master.root.resolve(name), "{}");
    }
    Run healed = run("snapshots", "verify", "--heal-from", copy.toString());
    assertThat(healed.exitCode).as(healed.out + healed.err).isZero();
    assertThat(healed.out).contains("3 bad, 3 healed");
    assertThat(run("snapshots", "verify").out).contains(": 0 bad");
  }

  @Test
  void aFolderThatIsGoneIsHealedAndADamagedSnapshotHidesNoOther() throws Exception {
    Path copy = folder.resolve("copy");
    copy(master.root, copy);
    CityEntry entry = master.entry("boston");
    DurableFiles.deleteTree(master.root.resolve("cities/" + entry.city().folder()));
    Run healed = run("snapshots", "verify", "--heal-from", copy.toString());
    assertThat(healed.exitCode).as(healed.out + healed.err).isZero();
    assertThat(run("snapshots", "verify").out).contains(": 0 bad");

    Files.delete(master.root.resolve(RepositoryLayout.snapshotName(SECOND)));
    Files.writeString(master.root.resolve(RepositoryLayout.snapshotName(SECOND)), "{");
    Run list = run("snapshots", "list");
    assertThat(list.exitCode).as(list.err).isZero();
    assertThat(list.out)
        .startsWith(SECOND + "  can't be read: ")
        .containsPattern("(?m)^" + FIRST + " .*1 document ");
  }

  @Test
  void whatTheDiskDoesNotGiveBackIsBadAndTheRestIsCheckedAndHealed() throws Exception {
    Path copy = folder.resolve("copy");
    copy(master.root, copy);
    CityEntry entry = master.entry("boston");
    // Whatever reads a folder as a file fails as on a bad sector.
    List<String> unreadable =
        List.of(
            RepositoryLayout.packName(FIRST),
            RepositoryLayout.fileName(entry.city(), entry.incarnation(), "_0.cfs"),
            RepositoryLayout.snapshotName(FIRST));
    for (String name : unreadable) {
      Files.delete(master.root.resolve(name));
      Files.createDirectory(master.root.resolve(name));
    }
    String changed = RepositoryLayout.packName(SECOND);
    Files.writeString(master.root.resolve(changed), "rotten");

    Run bad = run("snapshots", "verify", "--heal-from", copy.toString());
    assertThat(bad.exitCode).as(bad.err).isEqualTo(1);
    assertThat(bad.out).contains(changed + ": its content has changed").contains("; healed");
    // The pack of the first is not known while its manifest is not.
    assertThat(bad.out).contains(unreadable.get(1) + ": it can't be read: ");
    assertThat(bad.out).contains(unreadable.get(2) + ": it can't be read: ");
    assertThat(master.root.resolve(changed)).hasSameBinaryContentAs(copy.resolve(changed));
  }

  @Test
  void rootReadsARepositoryOfAnotherAccountAndChangesNothingInIt() throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    Files.setAttribute(master.root, "unix:uid", 65_534);

    assertThat(run("snapshots", "list").exitCode).isZero();
    for (String[] command :
        List.of(
            new String[] {"snapshots", "pin", FIRST.toString()},
            new String[] {"snapshots", "gc"},
            new String[] {"approve", "--city", "boston"})) {
      Run refused = run(command);
      assertThat(refused.exitCode).as(refused.err).isEqualTo(73);
      assertThat(refused.err).contains("is another account's", "runuser -u ");
    }
    assertThat(master.repository().pinned()).isEmpty();
  }

  private Run run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--repository");
    all.add(master.root.toString());
    return plain(all.toArray(String[]::new));
  }

  private static Run plain(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        ReplicatorMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = Verb.run(line, new ReplicatorFailures(), arguments);
    return new Run(code, out.toString(), err.toString());
  }

  private static void copy(Path from, Path to) throws Exception {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path one : all.toList()) {
        Files.copy(one, to.resolve(from.relativize(one).toString()));
      }
    }
  }
}
