package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bits flip and files end early at the remote, 100,000 times: each is noticed, nothing of it is
 * served, and once it is healed the pull goes on. Of these a share goes through whole pulls, the
 * rest straight to what stands between bytes and their use. Another seed with {@code
 * -Dfreshet.hostile.seed=…}.
 */
class HostileInputIT {
  private static final int PULLS = 3_000;
  private static final int POINTERS = 25_000;
  private static final int READS = 69_000;
  private static final int PACKS = 3_000;
  private static final long SEED = Long.getLong("freshet.hostile.seed", 11);

  @TempDir Path folder;
  private final Random random = new Random(SEED);
  private HandmadeMaster master;

  @BeforeEach
  void start() throws IOException {
    master = new HandmadeMaster(folder.resolve("master")).withPacks();
    master.publish(10, "a", "b");
  }

  /** What was done to a file, to name it in a failure. */
  private record Damage(String name, byte[] before, byte[] after, String what) {
    static Damage of(String name, byte[] before, byte[] after) {
      String what =
          "seed %d: %s of %d bytes %s"
              .formatted(
                  SEED,
                  name,
                  before.length,
                  after.length < before.length
                      ? "cut to " + after.length
                      : "with another byte at " + Arrays.mismatch(before, after));
      return new Damage(name, before, after, what);
    }
  }

  @Test
  void everyFileThatIsDamagedFailsThePullByName() throws Exception {
    try (RemoteRepository remote = remote()) {
      Slave slave = new Slave(folder.resolve("store"), remote);
      slave.pullsNew();
      List<String> names = named();
      for (int i = 0; i < PULLS / 2; i++) {
        Damage damage = damage(names.get(random.nextInt(names.size())));
        // The slave has everything but this file, and does not know yet what is offered.
        Files.deleteIfExists(slave.store().layout().latest());
        forget(slave, damage.name());
        slave.restart();
        assertNoticed(slave, damage);
        assertThat(slave.held()).as(damage.what()).isEmpty();
        heal(damage);
        Files.write(slave.store().layout().resolve(damage.name()), damage.before());
      }
      slave.pullsNew();
      slave.isWholeCopyOf(master);
    }
  }

  @Test
  void everyPackThatIsDamagedFailsThePullByName() throws Exception {
    try (RemoteRepository remote = remote()) {
      Slave slave = new Slave(folder.resolve("store"), remote);
      slave.pullsNew();
      Optional<Generation> held = slave.held();
      master.publish(5, "a", "b");
      String pack = RepositoryLayout.packName(master.current().generation());
      for (int i = 0; i < PULLS / 2; i++) {
        Damage damage = damage(pack);
        forget(slave, pack);
        assertNoticed(slave, damage);
        assertThat(slave.held()).as(damage.what()).isEqualTo(held);
        heal(damage);
      }
      slave.pullsNew();
      slave.isWholeCopyOf(master);
    }
  }

  @Test
  void aPointerThatIsDamagedIsRefusedByNewSlavesAndOld() throws Exception {
    try (RemoteRepository remote = remote()) {
      Slave old = new Slave(folder.resolve("store"), remote);
      old.pullsNew();
      Optional<Generation> held = old.held();
      master.publish(5, "a");
      for (int i = 0; i < PULLS / 10; i++) {
        Damage damage = damage(RepositoryLayout.LATEST);
        Slave fresh = new Slave(folder.resolve("store-" + i), remote);
        for (Slave slave : List.of(old, fresh)) {
          assertThat(slave.complaint()).as(damage.what()).contains(RepositoryLayout.LATEST);
        }
        assertThat(old.held()).as(damage.what()).isEqualTo(held);
        assertThat(fresh.held()).as(damage.what()).isEmpty();
        heal(damage);
      }
      old.pullsNew();
      old.isWholeCopyOf(master);
    }
  }

  @Test
  void noPointerIsTakenForAnother() throws Exception {
    byte[] good = Files.readAllBytes(master.root().resolve(RepositoryLayout.LATEST));
    Advertisement meant = PointerCodec.read(good, "LATEST");
    for (int i = 0; i < POINTERS; i++) {
      Damage damage = Damage.of(RepositoryLayout.LATEST, good, damaged(good));
      try {
        // A bit of the seal's own key leaves all the rest as it was.
        assertThat(PointerCodec.read(damage.after(), "LATEST")).as(damage.what()).isEqualTo(meant);
      } catch (FormatException e) {
        assertThat(e).as(damage.what()).hasMessageStartingWith("LATEST ");
      }
    }
  }

  /** As though their digests were right: a hostile master makes them so. */
  @Test
  void noManifestCrashesItsReader() throws Exception {
    List<String> names = named().stream().filter(name -> name.endsWith(".json")).toList();
    for (int i = 0; i < READS; i++) {
      String name = names.get(random.nextInt(names.size()));
      byte[] good = Files.readAllBytes(master.root().resolve(name));
      Damage damage = Damage.of(name, good, damaged(good));
      assertThat(Digest.of(damage.after())).as(damage.what()).isNotEqualTo(Digest.of(good));
      Class<? extends Record> type =
          name.startsWith("snapshots/")
              ? SnapshotManifest.class
              : name.startsWith("schemas/") ? IndexSchema.class : CityManifest.class;
      try {
        SnapshotCodec.read(damage.after(), type, name);
      } catch (FormatException e) {
        assertThat(e).as(damage.what()).hasMessageStartingWith(name);
      }
    }
  }

  @Test
  void aPackThatWasPackedBadlyCrashesNothing() throws Exception {
    Path pack = master.root().resolve(RepositoryLayout.packName(master.current().generation()));
    byte[] good = Files.readAllBytes(pack);
    Path bad = folder.resolve("bad.tar.zst");
    for (int i = 0; i < PACKS; i++) {
      Damage damage = Damage.of("pack", good, damaged(good));
      Files.write(bad, damage.after());
      try {
        new PackReader(bad).read((name, length, content) -> content.readNBytes(1 << 16));
      } catch (PullException.Damaged | IOException e) {
        assertThat(e).as(damage.what()).hasMessageContaining("pack");
      }
    }
  }

  /** Also what was fetched of it before: a sound part is resumed, and the damage never met. */
  private static void forget(Slave slave, String name) throws IOException {
    Path file = slave.store().layout().resolve(name);
    Files.deleteIfExists(file);
    Files.deleteIfExists(FileFetcher.partOf(file));
  }

  private static void assertNoticed(Slave slave, Damage damage) {
    String file = Path.of(damage.name()).getFileName().toString();
    assertThat(slave.complaint()).as(damage.what()).contains(file);
  }

  private Damage damage(String name) throws IOException {
    Path file = master.root().resolve(name);
    byte[] before = Files.readAllBytes(file);
    Damage damage;
    do {
      damage = Damage.of(name, before, damaged(before));
      // What leaves the pointer as it was, but for the key of its seal, is no damage.
    } while (name.equals(RepositoryLayout.LATEST) && meansTheSame(damage));
    // Files are hard links of the working index, which is to stay as it is.
    Files.delete(file);
    Files.write(file, damage.after());
    return damage;
  }

  private static boolean meansTheSame(Damage damage) {
    try {
      PointerCodec.read(damage.after(), "LATEST");
      return true;
    } catch (FormatException e) {
      return false;
    }
  }

  private byte[] damaged(byte[] bytes) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    byte[] flipped = bytes.clone();
    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  private void heal(Damage damage) throws IOException {
    Files.write(master.root().resolve(damage.name()), damage.before());
  }

  /** Every file of the repository that a slave without the pack fetches, LATEST aside. */
  private List<String> named() throws IOException {
    try (Stream<Path> files = Files.walk(master.root())) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> master.root().relativize(file).toString())
          .filter(name -> !name.equals(RepositoryLayout.LATEST) && !name.startsWith("packs/"))
          .sorted()
          .toList();
    }
  }

  private RemoteRepository remote() {
    return RemoteRepository.open(
        master.root().toString(), RemoteOptions.defaults(), new SystemTime());
  }
}
