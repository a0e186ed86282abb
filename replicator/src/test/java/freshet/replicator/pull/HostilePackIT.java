package freshet.replicator.pull;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Packs whose digests are right, made to harm who unpacks them. */
@Timeout(120)
class HostilePackIT {
  private static final int BLOCK = 512;

  @TempDir Path folder;

  /** Writes the tar under the compression. */
  private interface Content {
    void write(OutputStream tar) throws IOException;
  }

  @Test
  void whatUnfoldsWithoutEndIsNotReadOn() throws Exception {
    byte[] zeros = new byte[1 << 20];
    Path bomb =
        pack(
            tar -> {
              tar.write(header("a", TarConstants.LF_NORMAL, 1L << 32));
              for (int i = 0; i < 600; i++) {
                tar.write(zeros);
              }
            });
    assertThat(bomb).satisfies(file -> assertThat(Files.size(file)).isLessThan(1 << 20));
    assertDamaged(bomb, "unfolds to more");
  }

  @Test
  void aNameThatNoMemoryHoldsIsNotRead() throws Exception {
    byte[] letters = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    for (byte type :
        new byte[] {
          TarConstants.LF_GNUTYPE_LONGNAME,
          TarConstants.LF_PAX_EXTENDED_HEADER_LC,
          TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER
        }) {
      assertDamaged(
          pack(
              tar -> {
                tar.write(header("././@LongLink", type, 200L << 20));
                if (type != TarConstants.LF_GNUTYPE_LONGNAME) {
                  tar.write(((200 << 20) + " path=").getBytes(StandardCharsets.US_ASCII));
                }
                for (int i = 0; i < 200; i++) {
                  tar.write(letters);
                }
              }),
          "unfolds to more");
    }
  }

  @Test
  void moreEntriesThanAnyMasterPacksAreNotRead() throws Exception {
    byte[] empty = header("cities/a/x", TarConstants.LF_NORMAL, 0);
    assertDamaged(
        pack(
            tar -> {
              for (int i = 0; i < 150_000; i++) {
                tar.write(empty);
              }
            }),
        "more than 100000 entries");
  }

  @Test
  void anEntryThatIsLongerThanItsArchiveIsNoticed() throws Exception {
    assertDamaged(
        pack(
            tar -> {
              tar.write(header("a", TarConstants.LF_NORMAL, 10_000));
              tar.write(new byte[BLOCK]);
            }),
        "pack");
  }

  @Test
  void onlyPlainFilesOfAReasonableSizeAreShown() throws Exception {
    List<String> shown = new ArrayList<>();
    Path pack =
        pack(
            tar -> {
              for (byte type : "12345678SM".getBytes(StandardCharsets.US_ASCII)) {
                if (type != TarConstants.LF_GNUTYPE_SPARSE) {
                  tar.write(header("type" + (char) type, type, 0));
                }
              }
              tar.write(header("large", TarConstants.LF_NORMAL, 65L << 20));
              for (int i = 0; i < 65; i++) {
                tar.write(new byte[1 << 20]);
              }
              tar.write(header("plain", TarConstants.LF_NORMAL, 0));
              tar.write(new byte[2 * BLOCK]);
            });
    new PackReader(pack).read((name, length, content) -> shown.add(name));
    assertThat(shown).contains("plain").doesNotContain("large", "type1", "type2", "type5");
  }

  private static void assertDamaged(Path pack, String said) {
    assertThatThrownBy(() -> new PackReader(pack).read((name, length, content) -> {}))
        .isInstanceOf(PullException.Damaged.class)
        .hasMessageContaining(said)
        .hasMessageContaining(pack.toString());
  }

  private Path pack(Content content) throws IOException {
    Path file = folder.resolve("hostile.tar.zst");
    try (OutputStream out = new ZstdCompressorOutputStream(Files.newOutputStream(file))) {
      content.write(out);
    }
    return file;
  }

  /** One header with a right checksum, whatever it says. */
  private static byte[] header(String name, byte type, long size) {
    byte[] header = new byte[BLOCK];
    new TarArchiveEntry(name, type).writeEntryHeader(header);
    byte[] octal = "%011o".formatted(size).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octal, 0, header, 124, octal.length);
    header[156] = type;
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte one : header) {
      sum += one & 0xff;
    }
    byte[] check = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(check, 0, header, 148, check.length);
    return header;
  }
}
