package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Packs that no master makes, whose digests are right all the same. Each is noticed, told of and
 * not kept; what it should have had is fetched by itself, so that the pull completes. Another seed
 * with {@code -Dfreshet.hostile.seed=…}.
 */
class ForgedPackIT {
  private static final int RANDOM_PACKS = 50;
  private static final long SEED = Long.getLong("freshet.hostile.seed", 13);
  private static final byte[] EVIL = "evil".getBytes(StandardCharsets.US_ASCII);

  @TempDir Path folder;
  private HandmadeMaster master;
  private Slave slave;

  /**
   * A forgery.
   *
   * @param said part of what the slave says of it
   */
  private record Forgery(String what, HandmadeMaster.Packing packing, String said) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Stream<Forgery> forgeries() {
    return Stream.of(
        new Forgery("no archive", files -> EVIL, "can't be unpacked"),
        new Forgery("nothing at all", files -> new byte[0], "it has 0 files"),
        new Forgery("an archive that is cut", files -> cut(packed(files)), "can't be unpacked"),
        new Forgery("an archive without entries", files -> packed(Map.of()), "it has 0 files"),
        with("a file outside", "../evil"),
        with("an absolute file", "/tmp/evil"),
        with("a way out", "cities/a/../../evil"),
        with("a pointer", RepositoryLayout.LATEST),
        with("a pin", "control/pins/1-0000000001"),
        with("a letter that no terminal shows", "cities/\u001b[2J"),
        link("a symbolic link", TarConstants.LF_SYMLINK),
        link("a hard link", TarConstants.LF_LINK),
        link("a folder", TarConstants.LF_DIR),
        link("a device", TarConstants.LF_BLK),
        other("another index file", "segments_2", false),
        other("an index file that is longer", "segments_2", true),
        other("another manifest", "c-2.json", false),
        other("a manifest that is longer", "c-2.json", true));
  }

  @BeforeEach
  void start() throws Exception {
    master = new HandmadeMaster(folder.resolve("master")).withPacks();
    master.publish(10, "a", "b");
    slave = new Slave(folder.resolve("store"), master.root().toString());
    slave.pullsNew();
  }

  @AfterEach
  void stop() {
    slave.close();
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void aForgedPackIsToldOfAndDoneWithout(Forgery forgery) throws Exception {
    master.packing(forgery.packing).publish(5, "a", "b");
    String pack = RepositoryLayout.packName(master.current().generation());

    slave.pullsNew();

    slave.isWholeCopyOf(master);
    assertThat(slave.packs().failures()).isEqualTo(1);
    assertThat(slave.packs().finding().orElseThrow())
        .contains(pack, master.root().toString(), forgery.said)
        .matches("\\A[ -~]*\\z");
    holdsNothingOf(pack);

    master.withPacks().publish(5, "a");
    assertThat(slave.pullsNew().report().filesPacked()).isPositive();
    slave.isWholeCopyOf(master);
    assertThat(slave.packs().finding()).as("one that is sound").isEmpty();
  }

  @Test
  void ofAForgedPackIsTakenWhatIsAsItShouldBe() throws Exception {
    master.packing(other("one", "segments_2", false).packing).publish(5, "a", "b");

    PullReport report = slave.pullsNew().report();

    assertThat(report.filesFetched()).isEqualTo(1);
    assertThat(report.filesPacked()).isPositive();
    slave.isWholeCopyOf(master);
  }

  /** Bits flip and archives end early, as though a master had made them so. */
  @Test
  void whateverIsWrongWithAPackThePullCompletes() throws Exception {
    Random random = new Random(SEED);
    for (int i = 0; i < RANDOM_PACKS; i++) {
      master.packing(files -> damaged(packed(files), random)).publish(1, "a");
      String pack = RepositoryLayout.packName(master.current().generation());
      long before = slave.packs().failures();

      slave.pullsNew();

      assertThat(PullKillPointsIT.verifiedOf(slave.store(), master))
          .as("seed %d, pack %d", SEED, i)
          .containsAll(master.files("a"));
      if (slave.packs().failures() > before) {
        holdsNothingOf(pack);
      }
    }
    assertThat(slave.packs().failures()).isGreaterThan(RANDOM_PACKS / 2);
    slave.isWholeCopyOf(master);
  }

  private void holdsNothingOf(String pack) throws IOException {
    assertThat(slave.store().layout().resolve(pack)).doesNotExist();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.contains("evil"));
    }
    assertThat(slave.store().layout().pins()).doesNotExist();
  }

  private static Forgery with(String what, String name) {
    return new Forgery(
        what,
        files -> HandmadeMaster.packed(files, tar -> HandmadeMaster.put(tar, name, EVIL)),
        "plain files of cities");
  }

  private static Forgery link(String what, byte type) {
    return new Forgery(
        what, files -> HandmadeMaster.packed(files, tar -> link(tar, type)), "plain files");
  }

  private static void link(TarArchiveOutputStream tar, byte type) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry("cities/a/0000000000000001/_9.cfs", type);
    entry.setLinkName("../../../LATEST");
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  /** In the place of a file that the manifest names. */
  private static Forgery other(String what, String name, boolean isLonger) {
    return new Forgery(
        what,
        files -> {
          Map<String, Path> rest = new LinkedHashMap<>(files);
          String in = "/" + name;
          String full = files.keySet().stream().filter(n -> n.endsWith(in)).findAny().orElseThrow();
          byte[] content = Files.readAllBytes(files.get(full));
          content[content.length / 2] ^= 1;
          rest.remove(full);
          byte[] put = isLonger ? Arrays.copyOf(content, content.length + 1) : content;
          return HandmadeMaster.packed(rest, tar -> HandmadeMaster.put(tar, full, put));
        },
        name);
  }

  private static byte[] packed(Map<String, Path> files) throws IOException {
    return HandmadeMaster.packed(files, tar -> {});
  }

  private static byte[] cut(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length / 2);
  }

  private static byte[] damaged(byte[] bytes, Random random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    byte[] flipped = bytes.clone();
    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }
}
