package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bits flip and files end early at the remote: each is noticed, nothing of it is served, and once
 * it is healed the pull goes on. More of them with {@code -Dfreshet.hostile.inputs=100000}.
 */
class HostileInputIT {
  private static final int INPUTS = Integer.getInteger("freshet.hostile.inputs", 1_000);
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
  private record Damage(String name, byte[] before, byte[] after, String what) {}

  @Test
  void everyFileThatIsDamagedIsNoticed() throws Exception {
    try (RemoteRepository remote = remote()) {
      Slave slave = new Slave(folder.resolve("store"), remote);
      slave.pullsNew();
      List<String> names = named();
      for (int i = 0; i < INPUTS; i++) {
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
  void everyPackThatIsDamagedIsNoticed() throws Exception {
    try (RemoteRepository remote = remote()) {
      Slave slave = new Slave(folder.resolve("store"), remote);
      slave.pullsNew();
      var held = slave.held();
      master.publish(5, "a", "b");
      String pack = RepositoryLayout.packName(master.current().generation());
      for (int i = 0; i < INPUTS; i++) {
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
  void aPackThatWasPackedBadlyCrashesNothing() throws Exception {
    Path pack = master.root().resolve(RepositoryLayout.packName(master.current().generation()));
    byte[] good = Files.readAllBytes(pack);
    Path bad = folder.resolve("bad.tar.zst");
    for (int i = 0; i < INPUTS; i++) {
      Files.write(bad, damaged(good));
      try {
        new PackReader(bad).read((name, length, content) -> content.readNBytes(1 << 16));
      } catch (PullException.Damaged | IOException e) {
        assertThat(e).as("input %d of seed %d", i, SEED).hasMessageContaining("pack");
      }
    }
  }

  @Test
  void aPointerThatIsDamagedLeadsNowhere() throws Exception {
    try (RemoteRepository remote = remote()) {
      for (int i = 0; i < INPUTS / 10; i++) {
        Damage damage = damage(RepositoryLayout.LATEST);
        Slave slave = new Slave(folder.resolve("store-" + i), remote);
        try {
          PullOutcome outcome = slave.pull();
          // What a flipped bit left readable names the same snapshot, or none that is there.
          if (outcome instanceof PullOutcome.Installed installed) {
            assertThat(installed.snapshot()).as(damage.what()).isEqualTo(master.current());
          }
        } catch (PullException e) {
          assertThat(e.getMessage()).as(damage.what()).isNotBlank();
          assertThat(slave.held()).as(damage.what()).isEmpty();
        }
        heal(damage);
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
    try {
      PullOutcome outcome = slave.pull();
      throw new AssertionError("seed %d, %s: %s".formatted(SEED, damage.what(), outcome));
    } catch (PullException e) {
      String file = Path.of(damage.name()).getFileName().toString();
      assertThat(e).as(damage.what()).hasMessageContaining(file);
    }
  }

  private Damage damage(String name) throws IOException {
    Path file = master.root().resolve(name);
    byte[] before = Files.readAllBytes(file);
    byte[] after = damaged(before);
    // Files are hard links of the working index, which is to stay as it is.
    Files.delete(file);
    Files.write(file, after);
    String what =
        "%s of %d bytes %s"
            .formatted(
                name,
                before.length,
                after.length < before.length
                    ? "cut to " + after.length
                    : "with another byte at " + Arrays.mismatch(before, after));
    return new Damage(name, before, after, what);
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
