package freshet.indexer.config;

import freshet.indexer.source.CheckOptions;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.KeysSql;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.snapshot.KeyType;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The section {@code table}: the documents' table, the tombstones' table and side tables.
 *
 * @param documents the documents' table
 * @param tombstones the deletions' table, if there is one
 * @param diffEvery how often all keys are compared
 */
record TableSection(
    Made<TableSpec> documents, Optional<Made<Tombstones>> tombstones, Duration diffEvery) {
  private static final Duration KEPT_FOR = Duration.ofDays(7);
  private static final KeysSql NO_SQL = new KeysSql(List.of());
  private static final Pattern SQL_TYPE = Pattern.compile("(datetime|timestamp)(?:\\(([0-6])\\))?");

  /** The columns of a key, of documents or of a side table. */
  static List<Made<KeyColumn>> keyColumns(ConfigSection table) {
    List<Made<KeyColumn>> key = new ArrayList<>();
    for (ConfigSection column : table.sections("key")) {
      String name = column.text("column");
      KeyType type = column.choice("type", KeyType.class, null);
      key.add(column.make(() -> new KeyColumn(name, type)));
    }
    return key;
  }

  static TableSection read(ConfigSection table, FieldsSection fields) {
    String name = table.text("name");
    Made<VersionColumn> version = version(table.section("version"));
    String city = table.text("city");
    Optional<String> searchableIf = table.optionalText("searchable_if");
    Optional<KeysSql> query = table.optional("query", "a SELECT is expected", KeysSql::parse);
    List<Made<SideTable>> sides = new ArrayList<>();
    if (table.has("also_changed_by")) {
      table.sections("also_changed_by").forEach(side -> sides.add(side(side)));
    }
    boolean hasTombstones = table.has("tombstones");
    Made<Tombstones> tombstones =
        hasTombstones ? tombstones(table.section("tombstones"), fields) : null;
    boolean leavesTraces = hasTombstones || searchableIf.isPresent();
    Duration diffEvery =
        table.duration(
            "diff_every",
            leavesTraces
                ? CheckOptions.DEFAULT_DIFF_EVERY
                : CheckOptions.DEFAULT_DIFF_EVERY_WITHOUT_DELETIONS);
    Made<TableSpec> documents =
        table.make(
            () ->
                new TableSpec(
                    name,
                    fields.key().stream().map(Made::get).toList(),
                    version.get(),
                    city,
                    fields.columns().get(),
                    searchableIf.orElse(null),
                    query.orElse(null),
                    sides.stream().map(Made::get).toList()));
    return new TableSection(documents, Optional.ofNullable(tombstones), diffEvery);
  }

  private static Made<SideTable> side(ConfigSection section) {
    String table = section.text("table");
    String name = section.text("name", table);
    List<Made<KeyColumn>> key = keyColumns(section);
    Made<VersionColumn> version = version(section.section("version"));
    KeysSql documents =
        section.parsed("documents", null, "a SELECT is expected", NO_SQL, KeysSql::parse);
    return section.make(
        () ->
            new SideTable(
                name, table, key.stream().map(Made::get).toList(), version.get(), documents));
  }

  private static Made<Tombstones> tombstones(ConfigSection section, FieldsSection fields) {
    String name = section.text("table");
    List<String> key = section.texts("key");
    if (key.size() != fields.key().size()) {
      section.problem(
          "key",
          "as many columns as table.key has are expected, in its order: %d, not %d"
              .formatted(fields.key().size(), key.size()));
    }
    Made<VersionColumn> version = version(section.section("version"));
    Duration keptFor = section.duration("kept_for", KEPT_FOR);
    return section.make(() -> new Tombstones(name, key, version.get(), keptFor));
  }

  private static Made<VersionColumn> version(ConfigSection section) {
    String column = section.text("column");
    VersionColumn.Type type =
        section.parsed(
            "type",
            null,
            "datetime(6), timestamp(6) with their digits, epoch_seconds, epoch_millis or"
                + " epoch_micros is expected",
            new VersionColumn.DateTime(0),
            TableSection::versionType);
    Optional<ZoneId> zone = section.optional("zone", Zones.EXPECTED, Zones::parse);
    if (zone.isEmpty()) {
      return section.make(() -> new VersionColumn(column, type));
    }
    if (!(type instanceof VersionColumn.DateTime(int digits, ZoneId none))) {
      section.problem("zone", "only a datetime has a zone; timestamps and epochs count from UTC");
      return section.make(() -> new VersionColumn(column, type));
    }
    return section.make(
        () -> new VersionColumn(column, new VersionColumn.DateTime(digits, zone.get())));
  }

  private static VersionColumn.Type versionType(String text) {
    Matcher sql = SQL_TYPE.matcher(text);
    if (sql.matches()) {
      // As in SQL: without digits there is no fraction of a second.
      int digits = sql.group(2) == null ? 0 : Integer.parseInt(sql.group(2));
      return sql.group(1).equals("datetime")
          ? new VersionColumn.DateTime(digits)
          : new VersionColumn.Timestamp(digits);
    }
    return new VersionColumn.Epoch(
        switch (text) {
          case "epoch_seconds" -> VersionColumn.Unit.SECONDS;
          case "epoch_millis" -> VersionColumn.Unit.MILLIS;
          case "epoch_micros" -> VersionColumn.Unit.MICROS;
          default -> throw new IllegalArgumentException();
        });
  }
}
