package freshet.replicator.app;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.command.Verb;
import freshet.replicator.order.OrderFolder;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestCity;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void twoSnapshots() throws Exception {
    master = new TestMaster(folder);
    TestCity boston = master.city("boston").put(1, "one", 1);
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
            oldest -> assertThat(oldest).startsWith(FIRST.toString()).contains("1 documents"));
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
    assertThat(known.err).contains("city boston is not held; no city is");
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
  void aFlippedBitIsFoundAndHealedByANewInode() throws Exception {
    assertThat(run("snapshots", "verify").out).contains(": 0 bad");
    Path copy = folder.resolve("copy");
    copy(master.root, copy);
    CityEntry entry = master.entry("boston");
    Path rotten =
        master
            .repository()
            .layout()
            .incarnation(entry.city(), entry.incarnation())
            .resolve("_0.cfs");
    Path working = folder.resolve("work/boston/_0.cfs");
    byte[] bytes = Files.readAllBytes(rotten);
    bytes[bytes.length / 2] ^= 4;
    Files.write(rotten, bytes);

    Run bad = run("snapshots", "verify");
    assertThat(bad.exitCode).isEqualTo(1);
    assertThat(bad.out).contains("_0.cfs: its content has changed: sha256 ", "1 bad, 0 healed");
    assertThat(run("snapshots", "verify", "--json").out)
        .contains("\"expected\":\"", "\"found\":\"");

    Run healed = run("snapshots", "verify", "--heal-from", copy.toString());
    assertThat(healed.exitCode).as(healed.out + healed.err).isZero();
    assertThat(healed.out).contains("; healed", "1 bad, 1 healed");
    assertThat(run("snapshots", "verify").exitCode).isZero();
    assertThat(Files.isSameFile(rotten, working)).as("the bad inode is left alone").isFalse();
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

  private Run run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--repository");
    all.add(master.root.toString());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        ReplicatorMain.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int code = Verb.run(line, new ReplicatorFailures(), all.toArray(String[]::new));
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
