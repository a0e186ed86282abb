package freshet.replicator.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.archive.MadeArchive.Member;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.publish.TestCity;
import freshet.replicator.publish.TestMaster;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.ManualTime;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives that were made to do harm, or were cut: each is refused and leaves nothing. */
class HostileArchiveIT {
  private static final byte[] EVIL = "evil".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  private TestMaster master;
  private Path file;

  @BeforeEach
  void goodArchive() throws Exception {
    master = new TestMaster(folder.resolve("master"));
    TestCity boston = master.city("boston").put(1, "one", 1);
    try (SnapshotPublisher publisher = master.open()) {
      publisher.publish(master.commit(boston));
      publisher.publish(master.commit(boston.put(2, "two", 2)));
    }
    file = folder.resolve("archive.tar.zst");
    new SnapshotExport(master.repository(), master.time)
        .write(null, CitySubset.ALL, file, unused -> {});
  }

  @AfterEach
  void close() throws Exception {
    master.close();
  }

  private interface Change {
    void apply(MadeArchive archive);
  }

  /** What is done to a good archive, and what the refusal says. */
  private enum Harm {
    PATH_ABOVE(a -> a.members.add(Member.file("../evil", EVIL)), "which nothing before it names"),
    PATH_ABOVE_INSIDE(
        a -> a.members.add(Member.file("cities/../../evil", EVIL)), "which nothing before it"),
    ABSOLUTE_PATH(a -> a.members.add(Member.file("/tmp/evil", EVIL)), "which nothing before it"),
    BACKSLASHES(a -> a.members.add(Member.file("..\\evil", EVIL)), "which nothing before it names"),
    CONTROL_FILE(
        a -> a.members.add(Member.file("control/epoch-99", EVIL)), "which nothing before it"),
    UNNAMED(a -> a.members.add(Member.file("packs/1-0000000002.tar.zst", EVIL)), "which nothing"),
    SYMBOLIC_LINK(a -> link(a, TarConstants.LF_SYMLINK), "a link to '/etc/passwd'"),
    HARD_LINK(a -> link(a, TarConstants.LF_LINK), "a link to '/etc/passwd'"),
    NAMED_AS_LINK(
        a -> {
          int at = a.find(".cfs");
          a.members.set(
              at,
              new Member(
                  a.members.get(at).name(), TarConstants.LF_SYMLINK, "/etc/passwd", new byte[0]));
        },
        "is no plain file but a link"),
    FIFO(a -> special(a, TarConstants.LF_FIFO), "a special file"),
    DEVICE(a -> special(a, TarConstants.LF_CHR), "a special file"),
    BLOCK_DEVICE(a -> special(a, TarConstants.LF_BLK), "a special file"),
    FOLDER(a -> a.members.add(0, new Member("x/", TarConstants.LF_DIR, "", new byte[0])), "folder"),
    TWICE(a -> a.members.add(a.members.getLast()), "comes twice"),
    LATEST_TWICE(a -> a.members.add(1, a.members.getFirst()), "'LATEST' comes twice"),
    TOO_LONG(
        a -> {
          int at = a.find(".cfs");
          a.replace(at, Arrays.copyOf(a.members.get(at).bytes(), 1 << 20));
        },
        "exactly"),
    TOO_SHORT(
        a -> {
          int at = a.find(".cfs");
          a.replace(at, Arrays.copyOf(a.members.get(at).bytes(), 10));
        },
        "exactly"),
    OTHER_BYTES(a -> a.flip(a.find(".cfs")), "the archive was damaged or made up"),
    OTHER_MANIFEST(a -> a.flip(a.find("1-0000000002.json")), "damaged or made up"),
    OTHER_BASE(a -> a.flip(a.find("1-0000000001.json")), "damaged or made up"),
    OTHER_CITY_MANIFEST(a -> a.flip(a.find("c-2.json")), "damaged or made up"),
    OTHER_SCHEMA(
        a -> {
          for (int i = 0; i < a.members.size(); i++) {
            if (a.members.get(i).name().startsWith("schemas/")) {
              a.flip(i);
            }
          }
        },
        "damaged or made up"),
    NO_LATEST(a -> a.members.removeFirst(), "not with LATEST, so it is no export"),
    LATEST_LAST(a -> Collections.rotate(a.members, -1), "not with LATEST"),
    LATEST_IS_NO_JSON(a -> a.replace(0, EVIL), "LATEST of"),
    LATEST_IS_HUGE(a -> a.replace(0, new byte[17 << 20]), "at most"),
    WANTS_A_NEWER_READER(
        a ->
            a.replace(
                0,
                new String(a.members.getFirst().bytes(), StandardCharsets.UTF_8)
                    .replace("\"minReader\":1", "\"minReader\":99")
                    .getBytes(StandardCharsets.UTF_8)),
        "upgrade Freshet here"),
    ANNOUNCES_FILES(
        a ->
            a.replace(
                0,
                new String(a.members.getFirst().bytes(), StandardCharsets.UTF_8)
                    .replaceFirst(",\"sha256\":\"[0-9a-f]{64}\"}$", "}")
                    .replaceFirst("\\{", "{\"rebuilt\":\"" + "0".repeat(64) + "\",")
                    .getBytes(StandardCharsets.UTF_8)),
        "its LATEST announces files"),
    SUBSET_TOO_LATE(
        a ->
            a.members.add(
                2, Member.file("SUBSET", "{\"allOf\":[]}".getBytes(StandardCharsets.UTF_8))),
        "which nothing before it names"),
    FILE_MISSING(a -> a.members.removeLast(), "1 file is missing"),
    BASE_MISSING(a -> a.members.remove(a.find("1-0000000001.json")), "which nothing before it"),
    ONLY_LATEST(a -> a.members.subList(1, a.members.size()).clear(), "it ends too early"),
    EMPTY(a -> a.members.clear(), "it ends too early");

    private final Change change;
    private final String message;

    Harm(Change change, String message) {
      this.change = change;
      this.message = message;
    }

    private static void link(MadeArchive archive, byte kind) {
      archive.members.add(new Member("cities/boston/evil", kind, "/etc/passwd", new byte[0]));
    }

    private static void special(MadeArchive archive, byte kind) {
      archive.members.add(new Member("cities/boston/evil", kind, "", new byte[0]));
    }
  }

  @ParameterizedTest
  @EnumSource
  void harmIsRefused(Harm harm) throws Exception {
    MadeArchive made = MadeArchive.read(file);
    harm.change.apply(made);
    refused(MadeArchive.zstd(made.tar()), harm.message);
  }

  @Test
  void oneThatIsNoArchiveIsRefused() throws Exception {
    refused(EVIL, "cut or damaged");
    refused(new byte[0], "");
    refused(MadeArchive.zstd(EVIL), "");
    assertThatThrownBy(() -> read(folder.resolve("absent")))
        .isInstanceOf(ArchiveException.Damaged.class)
        .hasMessageContaining("is no file");
  }

  @Test
  void oneThatIsCutAnywhereIsRefused() throws Exception {
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length += Math.max(1, good.length / 97)) {
      refused(Arrays.copyOf(good, length), "");
    }
    refused(Arrays.copyOf(good, good.length - 1), "");
  }

  @Test
  void somethingBehindTheEndIsRefused() throws Exception {
    byte[] tar = MadeArchive.read(file).tar();
    ByteArrayOutputStream more = new ByteArrayOutputStream();
    more.write(tar);
    more.write(EVIL);
    refused(MadeArchive.zstd(more.toByteArray()), "something follows after its end");
  }

  /** A header says that a name of 64 MB follows, which compresses to nothing. */
  @Test
  void aNameThatUnfoldsWithoutEndIsRefused() throws Exception {
    MadeArchive made = MadeArchive.read(file);
    made.members.add(
        0, new Member("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME, "", new byte[64 << 20]));
    refused(MadeArchive.zstd(made.tar()), "it unfolds to more than its members are long");
  }

  @Test
  void manifestsHaveABoundTogether() throws Exception {
    List<Member> members = MadeArchive.read(file).members;
    long all =
        members.stream()
            .filter(member -> !member.name().contains("/_") && !member.name().contains("segments"))
            .mapToLong(member -> member.bytes().length)
            .sum();
    outline(members, all);
    assertThatThrownBy(() -> outline(members, all - 1))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("its manifests have more than %,d bytes in all".formatted(all - 1));
  }

  private static void outline(List<Member> members, long mostSmallBytes) throws FormatException {
    Outline outline = new Outline("archive", mostSmallBytes);
    for (Member member : members) {
      Outline.Want want =
          outline.take(new ArchiveReader.Member(member.name(), member.bytes().length));
      if (want.kind().isSmall()) {
        outline.read(want, member.bytes());
      }
    }
    outline.requireWhole();
  }

  private void refused(byte[] archive, String message) throws Exception {
    Path bad = folder.resolve("bad.tar.zst");
    Files.write(bad, archive);
    assertThatThrownBy(() -> read(bad))
        .isInstanceOf(ArchiveException.Damaged.class)
        .hasMessageStartingWith("not imported: ")
        .hasMessageContaining(message);
    assertThat(folder.resolve("into")).doesNotExist();
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  private void read(Path archive) throws Exception {
    new SnapshotImport(
            new LocalRepository(new RepositoryLayout(folder.resolve("into"))),
            new ManualTime(TestMaster.START))
        .read(archive, unused -> {});
  }
}
