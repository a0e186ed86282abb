package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.config.Definition;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionInUseTest {
  private static final Definition OLD = definition("english", null, Duration.ofHours(1));
  private static final Definition NEW = definition("standard", null, Duration.ofHours(2));

  @Test
  void withoutAnythingPublishedTheConfigurationCounts() {
    assertThat(DefinitionInUse.choose(NEW, null, false, null)).isEqualTo(NEW);
    assertThat(DefinitionInUse.choose(NEW, OLD, false, null)).isEqualTo(NEW);
  }

  @Test
  void whatIsKeptCountsIfThePublishedIndexesWereBuiltByIt() {
    assertThat(DefinitionInUse.choose(NEW, OLD, false, OLD.schemaDigest()).schema())
        .isEqualTo(OLD.schema());
    assertThat(DefinitionInUse.choose(NEW, OLD, false, NEW.schemaDigest())).isEqualTo(NEW);
    assertThat(DefinitionInUse.choose(NEW, OLD, false, Digest.ofText("another"))).isEqualTo(NEW);
  }

  @Test
  void whatIsKeptCountsOnceARebuildWasAdopted() {
    assertThat(DefinitionInUse.choose(NEW, OLD, true, NEW.schemaDigest()).schema())
        .isEqualTo(OLD.schema());
    assertThat(DefinitionInUse.choose(NEW, OLD, true, null).schema()).isEqualTo(OLD.schema());
  }

  @Test
  void anExpressionIsADifferenceThoughTheSchemaIsTheSame() {
    Definition filtered = definition("english", "price > 0", Duration.ofHours(1));

    Definition used = DefinitionInUse.choose(filtered, OLD, false, OLD.schemaDigest());

    assertThat(used).isEqualTo(OLD);
    assertThat(DefinitionInUse.finding(used, filtered).orElseThrow().evidence())
        .isEqualTo("table.searchable_if: in use is nothing, configured is price > 0");
  }

  @Test
  void aZoneIsADifferenceThoughTheSchemaIsTheSame() {
    Definition utc = dated(null);
    Definition local = dated(ZoneId.of("Europe/Berlin"));

    Definition used = DefinitionInUse.choose(local, utc, false, utc.schemaDigest());

    assertThat(used.table().fields().getFirst().zone()).isNull();
    assertThat(DefinitionInUse.finding(used, local).orElseThrow().evidence())
        .isEqualTo(
            "fields.posted: in use is date, stored, from posted, configured is date, stored, from"
                + " posted in Europe/Berlin");
    assertThat(DefinitionInUse.finding(used, dated(ZoneId.of("UTC")))).isEmpty();
  }

  private static Definition dated(ZoneId zone) {
    return new Definition(
        new IndexSchema(
            FormatVersion.CURRENT,
            List.of(KeyType.BIGINT),
            List.of(new FieldSpec("posted", FieldType.DATE, null, false, true, false)),
            List.of()),
        new TableSpec(
            "listing",
            List.of(new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("updated_at", new VersionColumn.DateTime(6)),
            "city",
            List.of(new FieldColumns("posted", List.of("posted"), ListFormat.COMMAS, zone)),
            null),
        null,
        Duration.ofHours(1));
  }

  @Test
  void whatIsKeptIsReadAgainWithItsZoneAndWithoutOne(@TempDir Path folder) throws Exception {
    for (Definition definition : List.of(dated(ZoneId.of("Europe/Berlin")), dated(null))) {
      Path file = Files.writeString(folder.resolve("definition.json"), definition.text());
      assertThat(Definition.read(file)).contains(definition);
    }
    // As it was written before fields had zones.
    String before = dated(null).text().replaceAll(",\\s*\"zone\"\\s*:\\s*null", "");
    assertThat(before).doesNotContain("zone\":null").contains("posted");
    Path file = Files.writeString(folder.resolve("before.json"), before);
    assertThat(Definition.read(file)).contains(dated(null));
  }

  @Test
  void howIsPolledFollowsTheConfiguration() {
    Definition seldom = definition("english", null, Duration.ofDays(1));

    Definition used = DefinitionInUse.choose(seldom, OLD, false, OLD.schemaDigest());

    assertThat(used.diffEvery()).isEqualTo(Duration.ofDays(1));
    assertThat(DefinitionInUse.finding(used, seldom)).isEmpty();
  }

  private static Definition definition(String analyzer, String searchableIf, Duration diffEvery) {
    return new Definition(
        new IndexSchema(
            FormatVersion.CURRENT,
            List.of(KeyType.BIGINT),
            List.of(new FieldSpec("title", FieldType.TEXT, analyzer, false, true, false)),
            List.of("title")),
        new TableSpec(
            "listing",
            List.of(new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("updated_at", new VersionColumn.DateTime(6)),
            "city",
            List.of(FieldColumns.of("title", "title")),
            searchableIf),
        null,
        diffEvery);
  }
}
