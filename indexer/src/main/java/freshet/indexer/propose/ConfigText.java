package freshet.indexer.propose;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import freshet.indexer.inspect.Access;
import freshet.indexer.propose.FieldGuess.Field;
import freshet.indexer.propose.FieldGuess.LeftOut;
import freshet.indexer.session.LagSource;
import freshet.indexer.table.FieldColumns;
import freshet.indexer.table.FieldColumns.ListFormat;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.config.YamlText;
import freshet.replicator.schema.Analyzers;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The commented configuration of a proposal: each line that was guessed says why. Pure.
 *
 * @param access how the database is reached
 * @param proposal how the table is indexed
 * @param home where relative paths start, relative to the file's folder
 */
public record ConfigText(Access access, Proposal proposal, String home) {

  /** The file's text. */
  public String yaml() {
    return source() + table() + fields() + rest();
  }

  private String source() {
    return """
        # The master of table %s: polls the database, builds one index per city, publishes snapshots.
        # bin/indexer init wrote this after a look at the table; what it guessed says why. Edit it:
        # every key, and those that are not here, is explained in docs/configuration.md.

        # Relative paths start here; this one starts at the folder of this file.
        home: %s

        source:
          # Servers that hold the same data, the preferred one first.
          endpoints:
        %s
          database: %s
          # An account with the privileges of conf/grants.sql, and no more.
          user: %s
          # One of password, password_file, password_command; they are read again at every connect.
          %s
        %s  lag:
            # How a poll learns how far the server is behind its source, without which no freshness
            # is claimed: replica_status, heartbeat (with table and column), not_replicated.
            from: %s # %s

        """
        .formatted(
            proposal.live().name(),
            YamlText.of(home),
            access.endpoints().stream().map(ConfigText::endpoint).collect(Collectors.joining("\n")),
            YamlText.of(access.database()),
            YamlText.of(access.user()),
            password(access.passwordFile()),
            tls(access.tls()),
            lag(proposal.lag()),
            proposal.lagWhy());
  }

  private static String endpoint(Endpoint endpoint) {
    return "    - {host: %s, port: %d}".formatted(YamlText.of(endpoint.host()), endpoint.port());
  }

  private static String password(@Nullable Path file) {
    return file == null
        ? "password: ${" + Access.PASSWORD + "}"
        : "password_file: " + YamlText.of(file.toString());
  }

  private static String tls(Tls tls) {
    return switch (tls) {
      case Tls.Off off ->
          "  # tls: {mode: required} # required, or verify_ca, verify_identity with ca_file\n";
      case Tls.Required required -> "  tls: {mode: required}\n";
      case Tls.VerifyCa(Path file) ->
          "  tls: {mode: verify_ca, ca_file: %s}\n".formatted(YamlText.of(file.toString()));
      case Tls.VerifyIdentity(Path file) ->
          "  tls: {mode: verify_identity, ca_file: %s}\n".formatted(YamlText.of(file.toString()));
    };
  }

  private static String lag(LagSource lag) {
    return switch (lag) {
      case LagSource.ReplicaStatus status -> "replica_status";
      case LagSource.Heartbeat heartbeat -> "heartbeat";
      case LagSource.NotReplicated none -> "not_replicated";
    };
  }

  private String table() {
    TableSpec table = proposal.table();
    return """
        table:
          name: %s
          # By which its rows are told apart.
          key:
        %s
          # Grows whenever a row changes: %s.
          version: %s
          # Each of its values gets an index of its own.
          city: %s
        %s%s%s
        """
        .formatted(
            YamlText.of(table.name()),
            table.key().stream().map(ConfigText::key).collect(Collectors.joining("\n")),
            proposal.versionWhy(),
            version(table.version()),
            YamlText.of(table.city()),
            new JoinText(table, proposal.joins(), proposal.isJoined()).ofTable(),
            searchable(table.searchableIf()),
            tombstones(proposal.tombstones()));
  }

  static String key(KeyColumn column) {
    return "    - {column: %s, type: %s}"
        .formatted(YamlText.of(column.name()), column.type().name().toLowerCase(Locale.ROOT));
  }

  static String version(VersionColumn version) {
    return "{column: %s, %s}"
        .formatted(
            YamlText.of(version.name()),
            switch (version.type()) {
              case VersionColumn.DateTime(int digits, java.time.ZoneId zone) ->
                  "type: datetime(%d)".formatted(digits)
                      + (zone == null ? "" : ", zone: " + YamlText.of(zone.getId()));
              case VersionColumn.Timestamp(int digits) -> "type: timestamp(%d)".formatted(digits);
              case VersionColumn.Epoch(VersionColumn.Unit unit) ->
                  "type: epoch_" + unit.name().toLowerCase(Locale.ROOT);
            });
  }

  private String searchable(@Nullable String expression) {
    if (expression != null) {
      return """
            # A row for which this does not hold leaves the index: it is marked as deleted.
            searchable_if: %s
          """
          .formatted(YamlText.of(expression));
    }
    String perhaps = proposal.perhaps();
    return perhaps == null
        ? ""
        : """
            # A row for which this does not hold leaves the index. Is it meant so?
            # searchable_if: %s
          """
            .formatted(YamlText.of(perhaps));
  }

  private static String tombstones(@Nullable Tombstones tombstones) {
    return tombstones == null
        ? """
            # Rows that are really deleted are found by comparing all keys; it can be done more often.
            # diff_every: 1d
          """
        : """
            # Where a trigger notes deletions.
            tombstones:
              table: %s
              key: [%s]
              version: %s
              kept_for: %dd
          """
            .formatted(
                YamlText.of(tombstones.table()),
                tombstones.key().stream().map(YamlText::of).collect(Collectors.joining(", ")),
                version(tombstones.version()),
                tombstones.keptFor().toDays());
  }

  private String fields() {
    List<String> lines = new ArrayList<>();
    for (FieldGuess guess : proposal.fields()) {
      lines.add(
          switch (guess) {
            case Field(FieldSpec spec, FieldColumns columns, String why) ->
                "  - {%s}%s".formatted(field(spec, columns), why.isEmpty() ? "" : " # " + why);
            case LeftOut(String column, String type, String why) ->
                YamlText.oneLine("  # left out: %s (%s): %s".formatted(column, type, why))
                    .replaceFirst("^ ", "  ");
          });
    }
    lines.addAll(new JoinText(proposal.table(), proposal.joins(), proposal.isJoined()).ofFields());
    String texts =
        Stream.concat(
                proposal.indexed().stream()
                    .filter(field -> field.spec().type() == FieldType.TEXT)
                    .map(field -> field.spec().name()),
                proposal.joined().stream())
            .collect(Collectors.joining(", "));
    return """
        # What the index holds. The column is the field's name unless another one is given. Types: text,
        # keyword, long, double, decimal, boolean, date, geo_point. Not stored: {…, stored: false}.
        fields:
        %s

        %s
        """
        .formatted(
            String.join("\n", lines),
            texts.isEmpty()
                ? ""
                : """
                # Text fields that a query without a field name searches; by default all.
                # default_fields: [%s]
                """
                    .formatted(texts));
  }

  private static String field(FieldSpec spec, FieldColumns columns) {
    StringBuilder text =
        new StringBuilder(
            "name: %s, type: %s"
                .formatted(YamlText.of(spec.name()), spec.type().name().toLowerCase(Locale.ROOT)));
    if (spec.analyzer() != null) {
      text.append(", analyzer: ").append(Analyzers.withoutHtml(spec.analyzer()));
      text.append(Analyzers.isOfHtml(spec.analyzer()) ? ", html: true" : "");
    }
    if (columns.columns().size() == 2) {
      text.append(", latitude: ").append(YamlText.of(columns.columns().getFirst()));
      text.append(", longitude: ").append(YamlText.of(columns.columns().getLast()));
    } else if (spec.type() == FieldType.GEO_POINT
        || !columns.columns().getFirst().equals(spec.name())) {
      text.append(", column: ").append(YamlText.of(columns.columns().getFirst()));
    }
    if (spec.multiValued()) {
      text.append(", multi_valued: ").append(columns.list() == ListFormat.JSON ? "json" : "comma");
    }
    if (columns.format() != null) {
      text.append(", format: ").append(columns.format().name().toLowerCase(Locale.ROOT));
    }
    if (columns.zone() != null) {
      text.append(", zone: ").append(YamlText.of(columns.zone().getId()));
    }
    return text.append(spec.sortable() ? ", sortable: true" : "").toString();
  }

  private static String rest() {
    return """
        index:
          # Working indexes; lost ones are made again from the repository.
          folder: data/index

        repository:
          # What slaves pull; on the same file system as index.folder.
          folder: data/repository

        schedule:
          # Quartz cron, seconds first: bin/indexer run polls every second.
          build: "* * * * * ?"

        server:
          # Where slaves pull from; slaves on other hosts need an address that they reach.
          listen: 127.0.0.1:8700

        quarantine:
          # Rows that can't become documents, with the reason and how to retry.
          file: data/quarantine.jsonl

        # Who is told of what is wrong: docs/alerts.md
        """;
  }
}
