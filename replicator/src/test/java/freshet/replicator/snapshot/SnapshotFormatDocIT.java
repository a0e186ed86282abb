package freshet.replicator.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/snapshot-format.md says what the code does. */
class SnapshotFormatDocIT {
  private static final List<Class<? extends Record>> RECORDS =
      List.of(
          Advertisement.class,
          DatabaseClock.class,
          CycleTimes.class,
          UpcomingMerge.class,
          SnapshotManifest.class,
          CityEntry.class,
          PackEntry.class,
          SourcePosition.class,
          Cursor.class,
          CityManifest.class,
          FileEntry.class,
          MergeRecipe.class,
          IndexSchema.class,
          FieldSpec.class);

  private String page;

  @BeforeEach
  void read() throws IOException {
    page = Files.readString(Path.of(System.getProperty("freshet.home"), "docs/snapshot-format.md"));
  }

  @Test
  void everyKeyIsDescribed() {
    for (Class<? extends Record> record : RECORDS) {
      for (RecordComponent component : record.getRecordComponents()) {
        assertThat(page).as(record.getSimpleName()).contains("`" + component.getName() + "`");
      }
    }
  }

  @Test
  void theWorkedExampleIsRightByteByByte() throws Exception {
    byte[] manifestJson = example("SnapshotManifest");
    byte[] cityJson = example("CityManifest");
    byte[] schemaJson = example("IndexSchema");
    Advertisement latest = PointerCodec.read(example("Advertisement"), "LATEST");
    SnapshotManifest manifest =
        SnapshotCodec.read(manifestJson, SnapshotManifest.class, "manifest");
    CityManifest city = SnapshotCodec.read(cityJson, CityManifest.class, "city manifest");
    CityEntry berlin =
        manifest.cities().stream()
            .filter(entry -> entry.city().equals(city.city()))
            .findFirst()
            .orElseThrow();

    assertThat(Digest.of(manifestJson)).isEqualTo(latest.manifest());
    assertThat(Digest.of(cityJson)).isEqualTo(berlin.manifest());
    assertThat(Digest.of(schemaJson)).isEqualTo(manifest.schema());
    assertThat(city.bytes()).isEqualTo(berlin.bytes());
    assertThat(page).contains(RepositoryLayout.cityManifestName(berlin));
    assertThat(PointerCodec.write(latest)).isEqualTo(example("Advertisement"));
    assertThat(SnapshotCodec.write(manifest)).isEqualTo(manifestJson);
    assertThat(SnapshotCodec.write(city)).isEqualTo(cityJson);
    assertThat(SnapshotCodec.write(SnapshotCodec.read(schemaJson, IndexSchema.class, "schema")))
        .isEqualTo(schemaJson);
  }

  private byte[] example(String type) {
    Matcher matcher =
        Pattern.compile("<!-- example: " + type + " -->\n```json\n(.*)\n```\n").matcher(page);
    assertThat(matcher.find()).as(type).isTrue();
    return matcher.group(1).getBytes(StandardCharsets.UTF_8);
  }
}
