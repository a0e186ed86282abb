package freshet.indexer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import freshet.indexer.connect.Tls;
import freshet.indexer.rebuild.RebuildLimits;
import freshet.indexer.scan.ScanLimits;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.Timeouts;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.config.ConfigException;
import freshet.replicator.config.DocumentedKeys;
import freshet.replicator.flight.FlightOptions;
import freshet.replicator.gate.GateLimits;
import freshet.replicator.repository.Retention;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.KeyType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IndexerConfigIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final Path SHIPPED = HOME.resolve("conf/indexer.yaml");
  private static final Map<String, String> PASSWORD = Map.of("FRESHET_DB_PASSWORD", "hush");

  @Test
  void theShippedFileIsValidOnceThePasswordIsSet() throws ConfigException {
    IndexerConfig config = IndexerConfig.read(SHIPPED, PASSWORD);

    assertThat(config.source().session().credentials().password().get()).isEqualTo("hush");
    assertThat(config.source().session().timeouts()).isEqualTo(Timeouts.DEFAULT);
    assertThat(config.source().session().tls()).isEqualTo(new Tls.Off());
    assertThat(config.schema().key()).containsExactly(KeyType.BIGINT_UNSIGNED);
    assertThat(config.schema().defaultFields()).containsExactly("title", "body");
    assertThat(config.repository().folder())
        .isEqualTo(HOME.toAbsolutePath().normalize().resolve("data/repository"));
    assertThat(config.server().listen()).hasToString("127.0.0.1:8700");
    assertThat(config.toString()).doesNotContain("hush");
  }

  @Test
  void theShippedFileNamesThePasswordThatIsMissing() {
    assertThat(problems(SHIPPED, Map.of()))
        .singleElement()
        .asString()
        .endsWith(
            ": source.password: ***: the environment variable FRESHET_DB_PASSWORD is not set: set"
                + " it, or name a file that holds the secret, by the key of the same name with _file"
                + " behind it");
  }

  @Test
  void whatIsCommentedOutShowsTheDefaults(@TempDir Path folder)
      throws IOException, ConfigException {
    // As an editor would: every commented line of the optional groups.
    String text = Files.readString(SHIPPED);
    String edited =
        text.replaceAll(
            "(?m)^( *)# ((?:timeouts|retry|merge|rebuild|metrics):|  ?(?:connect|handshake|first_row|row_gap|poll"
                + "|attempts|first_delay|max_delay|budget|threads|segments_per_tier|floor"
                + "|max_merged|max_rate|big_above|big_hours|max_rows_per_second|max_lag|max_threads_running|per_city):.*|(?:page_rows|max_rows_per_cycle|max_bytes_per_cycle|max_row_size|overlap|window_pairs"
                + "|connection_max_age|max_lag|max_concurrent_connects|max_open_cities|ram_buffer|compression|keep_generations"
                + "|keep_for|full_manifest_every|max_requests|max_long_polls|max_connections|max_size):.*)$",
            "$1$2");
    assertThat(edited).isNotEqualTo(text);
    Path file =
        Files.writeString(Files.createDirectories(folder.resolve("conf")).resolve("i"), edited);
    IndexerConfig shipped = IndexerConfig.read(SHIPPED, PASSWORD);

    IndexerConfig config = IndexerConfig.read(file, PASSWORD);

    assertThat(config.source().session().timeouts())
        .isEqualTo(shipped.source().session().timeouts());
    assertThat(config.source().session().retry()).isEqualTo(shipped.source().session().retry());
    assertThat(config.source().limits()).isEqualTo(shipped.source().limits());
    assertThat(config.source().overlap()).isEqualTo(shipped.source().overlap());
    assertThat(config.build()).isEqualTo(shipped.build());
    assertThat(config.rebuild().scan()).isEqualTo(shipped.rebuild().scan());
    assertThat(config.repository().retention()).isEqualTo(shipped.repository().retention());
    assertThat(config.quarantine().maxBytes()).isEqualTo(shipped.quarantine().maxBytes());
    assertThat(config.flight()).isEqualTo(FlightOptions.DEFAULT);
  }

  @Test
  void everyKeyReachesItsOption() throws ConfigException {
    IndexerConfig config = IndexerConfig.read(sample("everything.yaml"), Map.of());

    assertThat(config.source().session().endpoints()).hasToString("[db1:3306, [2001:db8::1]:3307]");
    assertThat(config.source().session().tls()).isInstanceOf(Tls.VerifyIdentity.class);
    assertThat(config.source().session().lag()).isEqualTo(new LagSource.Heartbeat("hb.beat", "ts"));
    assertThat(config.source().session().timeouts())
        .isEqualTo(
            new Timeouts(
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofMillis(400),
                Duration.ofMinutes(5)));
    assertThat(config.source().session().maxLag()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.source().session().maxConcurrentConnects()).isEqualTo(2);
    assertThat(config.source().limits().pageRows()).isEqualTo(100);
    assertThat(config.source().overlap()).isEqualTo(Duration.ofHours(1));
    assertThat(config.source().limits().windowPairs()).isEqualTo(5_000);
    assertThat(config.source().table().version())
        .isEqualTo(new VersionColumn("v", new VersionColumn.Epoch(VersionColumn.Unit.MILLIS)));
    assertThat(config.source().table().key()).hasSize(2);
    assertThat(config.source().table().query()).asString().contains("IN (:keys)");
    assertThat(config.source().table().alsoChangedBy())
        .extracting(SideTable::name)
        .containsExactly("s", "gone sellers");
    assertThat(config.source().table().alsoChangedBy().getFirst().version().type())
        .isEqualTo(new VersionColumn.DateTime(6, ZoneId.of("Europe/Berlin")));
    assertThat(config.source().tombstones()).isNotNull();
    assertThat(config.source().tombstones().keptFor()).isEqualTo(Duration.ofDays(2));
    assertThat(config.source().table().fields())
        .contains(
            new FieldColumns(
                "posted",
                List.of("posted"),
                FieldColumns.ListFormat.COMMAS,
                ZoneId.of("America/Sao_Paulo")),
            new FieldColumns("tags", List.of("tag_list"), FieldColumns.ListFormat.JSON),
            new FieldColumns("place", List.of("lat", "lon"), FieldColumns.ListFormat.COMMAS),
            new FieldColumns(
                "color",
                List.of("attributes"),
                FieldColumns.ListFormat.COMMAS,
                null,
                "$.color",
                null),
            new FieldColumns(
                "uid",
                List.of("uid"),
                FieldColumns.ListFormat.COMMAS,
                null,
                null,
                FieldColumns.Format.UUID));
    assertThat(config.schema().field("body").orElseThrow().analyzer()).isEqualTo("standard_html");
    assertThat(config.schema().field("title").orElseThrow().analyzer()).isEqualTo("german");
    assertThat(config.schema().field("place").orElseThrow().type()).isEqualTo(FieldType.GEO_POINT);
    assertThat(config.schema().defaultFields()).containsExactly("title");
    assertThat(config.build().bestCompression()).isTrue();
    assertThat(config.build().merge().segmentsPerTier()).isEqualTo(5);
    assertThat(config.rebuild())
        .isEqualTo(new RebuildLimits(5, new ScanLimits(900, Duration.ofSeconds(7), 30)));
    assertThat(config.advertiseRebuilt()).isEqualTo(Duration.ofMinutes(20));
    assertThat(config.repository().retention())
        .isEqualTo(
            new Retention(
                3,
                Duration.ofMinutes(30),
                Duration.ofHours(12),
                Duration.ofDays(3),
                Duration.ofMinutes(3),
                50L << 30));
    assertThat(config.repository().gate()).isEqualTo(new GateLimits(30, 500, 4));
    assertThat(config.buildCron()).isEqualTo("0 * * * * ?");
    assertThat(config.alerts().maxPast()).isEqualTo(70);
    assertThat(config.flight()).isEqualTo(new FlightOptions(20, 3 << 20, 1 << 20));
  }

  @Test
  void theDocumentationHasEveryKeyAndNoOther() throws ConfigException, IOException {
    TreeSet<String> read = new TreeSet<>(IndexerConfig.keys(sample("everything.yaml"), Map.of()));
    TreeSet<String> documented =
        new TreeSet<>(
            DocumentedKeys.of(HOME.resolve("docs/configuration.md"), "conf/indexer.yaml"));
    // Groups are documented by what is in them.
    read.removeIf(
        key ->
            !documented.contains(key)
                && documented.stream().anyMatch(longer -> longer.startsWith(key + ".")));

    assertThat(documented).isEqualTo(read);
  }

  @Test
  void allMistakesAreReportedAtOnce() {
    assertThat(problems(sample("mistakes.yaml"), Map.of()))
        .containsExactly(
            "mistakes.yaml:1: source.database: missing: a text is required",
            "mistakes.yaml:3: source.endpoints[0].port: 99999: a whole number from 1 to 65535 is"
                + " expected",
            "mistakes.yaml:5: source.pasword: there is no such key; did you mean password?",
            "mistakes.yaml:6: source.password: one of these is expected: password,"
                + " password_file, password_command",
            "mistakes.yaml:9: source.timeouts.connect: 0s: a time-out must be finite and above"
                + " zero, such as 3s",
            "mistakes.yaml:10: source.timeouts.poll: infinite: a time-out must be finite and above"
                + " zero, such as 5m");
  }

  @Test
  void eachWrongFieldIsNamed() {
    assertThat(problems(sample("fields.yaml"), Map.of()))
        .containsExactly(
            "fields.yaml:7: table.key[0].type: bigit: one of bigint, bigint_unsigned, string,"
                + " binary is expected; did you mean bigint?",
            "fields.yaml:8: table.version.type: date: datetime(6), timestamp(6) with their digits,"
                + " epoch_seconds, epoch_millis or epoch_micros is expected",
            "fields.yaml:10: table.tombstones.key: as many columns as table.key has are expected, in"
                + " its order: 1, not 2",
            "fields.yaml:12: fields[0].analyzer: klingon: one of dutch, english, french, german,"
                + " italian, portuguese, simple, spanish, standard, whitespace is expected",
            "fields.yaml:13: fields[1].name: title: a field of that name is declared above",
            "fields.yaml:14: fields[2].type: geo_point: a geo_point has the columns latitude and"
                + " longitude, or one column, a POINT",
            "fields.yaml:15: fields[3]: field body: only a single value that is neither text nor a"
                + " point sorts",
            "fields.yaml:16: fields[4].zone: UTC: only a date has a zone",
            "fields.yaml:17: fields[5].zone: berlin: a zone is expected, such as Europe/Berlin or"
                + " UTC; did you mean Europe/Berlin?",
            "fields.yaml:18: fields[6].zone: Europe/Berln: a zone is expected, such as"
                + " Europe/Berlin or UTC; did you mean Europe/Berlin?",
            "fields.yaml:19: fields[7].zone: New York: a zone is expected, such as Europe/Berlin or"
                + " UTC; did you mean America/New_York?",
            "fields.yaml:20: fields[8].zone: nowhere in particular: a zone is expected, such as"
                + " Europe/Berlin or UTC",
            "fields.yaml:21: fields[9].path: color: a path such as $.color, $.\"two words\","
                + " $.sizes[0] or $.tags[*].name is expected",
            "fields.yaml:22: fields[10].path: $.tags[*]: it leads to several values, so"
                + " multi_valued: json is expected",
            "fields.yaml:23: fields[11].path: $.at: neither a geo_point nor a list with commas comes"
                + " from JSON",
            "fields.yaml:24: fields[12].format: uuid: utf8 is for text and keywords; hex, uuid and"
                + " uuid_swapped are for keywords of one value; lon_lat and lat_lon are for a"
                + " geo_point whose column is a POINT",
            "fields.yaml:25: fields[13].html: true: only text can be HTML",
            "fields.yaml:26: default_fields: names of text fields are expected, not price",
            "fields.yaml:28: schedule.build: every second: 'every second' is no cron expression"
                + " (second minute hour day-of-month month day-of-week, one of the days '?'; every"
                + " 10 seconds is '0/10 * * * * ?'): Illegal characters for this position: 'EVE'");
  }

  @Test
  void mistakesInSqlAndZonesAreNamed() {
    assertThat(problems(sample("joins.yaml"), Map.of()))
        .containsExactly(
            "joins.yaml:8: table.version.zone: Europe/Berlin: only a datetime has a zone;"
                + " timestamps and epochs count from UTC",
            "joins.yaml:9: table.query: SELECT id FROM t WHERE id IN (?): there is a '?' at line 1,"
                + " column 31; parameters have names here: write :keys",
            "joins.yaml:12: table.also_changed_by[0].version.zone: Berlin: a zone is expected, such"
                + " as Europe/Berlin or UTC; did you mean Europe/Berlin?",
            "joins.yaml:13: table.also_changed_by[0].documents: SELECT id FROM t WHERE s = :seller:"
                + " there is no parameter :seller; the one that there is is :keys, as in WHERE id IN"
                + " (:keys)");
  }

  private static List<String> problems(Path file, Map<String, String> environment) {
    ConfigException found =
        catchThrowableOfType(ConfigException.class, () -> IndexerConfig.read(file, environment));
    assertThat(found).isNotNull();
    return found
        .getMessage()
        .lines()
        .map(line -> line.replace(file.getParent() + "/", ""))
        .toList();
  }

  private static Path sample(String name) {
    try {
      return Path.of(IndexerConfigIT.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }
}
