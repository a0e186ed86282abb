package freshet.replicator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PointerCodecTest {
  private static final Advertisement LATEST =
      new Advertisement(
          FormatVersion.CURRENT,
          FormatVersion.MIN_READER,
          new RepositoryId("00ff00ff00ff00ff"),
          new Generation(3, 421),
          Digest.ofText("manifest"),
          Instant.parse("2026-03-01T12:00:01Z"),
          Instant.parse("2026-03-01T12:00:00Z"),
          Map.of(),
          null,
          null,
          List.of(),
          null,
          null);

  @Test
  void itsLastKeyIsTheDigestOfTheRest() throws FormatException {
    String json = SnapshotCodec.writeText(LATEST);
    byte[] sealed = PointerCodec.write(LATEST);
    assertThat(sealed)
        .asString()
        .isEqualTo(
            json.substring(0, json.length() - 1) + ",\"sha256\":\"" + Digest.ofText(json) + "\"}");
    assertThat(PointerCodec.read(sealed, "it")).isEqualTo(LATEST);
    assertThat(PointerCodec.read(SnapshotCodec.write(LATEST), "it")).isEqualTo(LATEST);
  }

  @Test
  void aDigitThatChangedIsNoticedThoughItIsStillJson() {
    String sealed = new String(PointerCodec.write(LATEST), StandardCharsets.UTF_8);
    String fresher = sealed.replace("2026-03-01T12:00:00Z", "2026-03-01T18:00:00Z");
    assertThatThrownBy(
            () -> PointerCodec.read(fresher.getBytes(StandardCharsets.UTF_8), "LATEST of x"))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith("LATEST of x is damaged: its content has sha256 ");
  }

  @Test
  void everyBitCounts() {
    byte[] sealed = PointerCodec.write(LATEST);
    int key = new String(sealed, StandardCharsets.UTF_8).indexOf("\"sha256\"");
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      boolean isOfTheKey = bit / 8 > key && bit / 8 < key + "sha256".length() + 1;
      if (!isOfTheKey) {
        assertThatThrownBy(() -> PointerCodec.read(flipped, "it"))
            .as("bit %d of %s", bit % 8, bit / 8)
            .isInstanceOf(FormatException.class);
      }
    }
  }
}
