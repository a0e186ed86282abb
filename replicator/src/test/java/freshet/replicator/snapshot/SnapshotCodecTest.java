package freshet.replicator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.files.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotCodecTest {
  private static final Digest DIGEST = Digest.ofText("x");
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final SourcePosition POSITION =
      new SourcePosition(
          "uuid-1",
          "0-1-77",
          Cursor.START,
          new Cursor(1_700_000_000_000_000L, DocumentKey.ofHex("80000000000000ff")),
          Map.of("agents", Cursor.START));

  @Test
  void advertisementSurvivesItsJson() throws FormatException {
    Map<City, Instant> exceptions = new HashMap<>();
    exceptions.put(new City("São Paulo"), NOON.minusSeconds(90));
    exceptions.put(new City(""), null);
    Advertisement written =
        new Advertisement(
            FormatVersion.CURRENT,
            FormatVersion.MIN_READER,
            new RepositoryId("00ff00ff00ff00ff"),
            new Generation(3, 421),
            DIGEST,
            NOON,
            NOON.minusMillis(1500),
            exceptions,
            new DatabaseClock(Duration.ofMillis(-12), Duration.ofNanos(350_000)),
            new CycleTimes(
                NOON, null, Duration.ofMillis(5), Duration.ofMillis(40), Duration.ofMillis(8)),
            List.of(),
            null,
            null);

    assertThat(roundTrip(written)).isEqualTo(written);
  }

  @Test
  void manifestsSurviveTheirJson() throws FormatException {
    CityEntry entry =
        new CityEntry(
            new City("a"),
            new Incarnation("0123456789abcdef"),
            17,
            DIGEST,
            9,
            4096,
            NOON,
            POSITION);
    SnapshotManifest manifest =
        new SnapshotManifest(
            1,
            1,
            new RepositoryId("00ff00ff00ff00ff"),
            new Generation(3, 421),
            new Generation(2, 420),
            DIGEST,
            NOON,
            "10.6.0",
            DIGEST,
            POSITION,
            List.of(entry),
            List.of(new City("b")),
            new PackEntry(100, DIGEST, 3));
    CityManifest city =
        new CityManifest(
            1,
            new City("a"),
            new Incarnation("0123456789abcdef"),
            17,
            "segments_h",
            9,
            1,
            DIGEST,
            List.of(new FileEntry("segments_h", 200, DIGEST, "")),
            List.of(),
            POSITION);
    IndexSchema schema =
        new IndexSchema(
            1,
            List.of(KeyType.BIGINT),
            List.of(
                new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
                new FieldSpec("price", FieldType.LONG, null, false, true, true)),
            List.of("title"));

    assertThat(roundTrip(manifest)).isEqualTo(manifest);
    assertThat(roundTrip(city)).isEqualTo(city);
    assertThat(roundTrip(schema)).isEqualTo(schema);
    assertThat(SnapshotCodec.writeText(schema))
        .isEqualTo(
            "{\"format\":1,\"key\":[\"bigint\"],\"fields\":["
                + "{\"name\":\"title\",\"type\":\"text\",\"analyzer\":\"english\","
                + "\"multiValued\":false,\"stored\":true,\"sortable\":false},"
                + "{\"name\":\"price\",\"type\":\"long\","
                + "\"multiValued\":false,\"stored\":true,\"sortable\":true}],"
                + "\"defaultFields\":[\"title\"]}");
  }

  @Test
  void aNewerFormatIsRefusedWithWhatItNeeds() {
    byte[] json = "{\"format\":9,\"minReader\":7}".getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> SnapshotCodec.read(json, Advertisement.class, "LATEST"))
        .isInstanceOf(FormatException.class)
        .hasMessage(
            "LATEST wants a reader of format 7 or newer, this one reads up to 1: upgrade Freshet here");
  }

  @Test
  void damageIsNamed() {
    for (String text : List.of("", "[]", "{", "{\"format\":1}", "{\"format\":1} x", "\0\1")) {
      byte[] json = text.getBytes(StandardCharsets.UTF_8);
      assertThatThrownBy(() -> SnapshotCodec.read(json, CityManifest.class, "c-1.json"))
          .as(text)
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith("c-1.json is");
    }
  }

  @Test
  void whatCanNotBeNullIsThere() {
    String whole = SnapshotCodec.writeText(new Cursor(7, DocumentKey.ofHex("80")));
    assertThat(whole).isEqualTo("{\"version\":7,\"key\":\"80\"}");
    for (String text :
        List.of(
            "{}",
            "{\"version\":7}",
            "{\"version\":null,\"key\":\"80\"}",
            "{\"version\":7,\"key\":null}",
            "{\"version\":7,\"kez\":\"80\"}")) {
      assertThatThrownBy(() -> read(text, Cursor.class))
          .as(text)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("it is damaged: ");
    }
    assertThatThrownBy(() -> read("{\"version\":7}", Cursor.class)).hasMessageContaining("'key'");
    assertThatThrownBy(() -> read("{\"version\":", Cursor.class))
        .hasMessageEndingWith(", at line 1, column 12")
        .message()
        .doesNotContain("Source");
  }

  @Test
  void aCityThatIsNoneIsDamageAlsoAsAKey() {
    String name = "x".repeat(300);
    assertThatThrownBy(() -> read("{\"exceptions\":{\"" + name + "\":null}}", Advertisement.class))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("it is damaged: ");
  }

  private static <T extends Record> T read(String text, Class<T> type) throws FormatException {
    return SnapshotCodec.read(text.getBytes(StandardCharsets.UTF_8), type, "it");
  }

  @SuppressWarnings("unchecked")
  private static <T extends Record> T roundTrip(T value) throws FormatException {
    return (T) SnapshotCodec.read(SnapshotCodec.write(value), value.getClass(), "it");
  }
}
