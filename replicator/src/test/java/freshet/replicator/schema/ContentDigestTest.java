package freshet.replicator.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentDigestTest {
  /** Digests are stored in indexes: another one would make every document count as changed. */
  @Test
  void staysAsItIsForEver() {
    List<Object> values =
        Arrays.asList(
            "größe 🏠",
            "",
            null,
            7L,
            -1.5,
            true,
            false,
            Instant.parse("2026-01-01T00:00:00.123456Z"),
            new GeoPoint(1.5, -2.5),
            List.of("a", 1L, "x".repeat(5000)),
            "ü".repeat(3000),
            "\ud800");
    assertThat(ContentDigest.of(values)).isEqualTo(-8787650892277850107L);
    assertThat(ContentDigest.of(List.of())).isEqualTo(-7122613646888064702L);
  }
}
