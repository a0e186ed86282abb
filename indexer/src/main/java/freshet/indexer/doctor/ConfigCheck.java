package freshet.indexer.doctor;

import freshet.indexer.connect.Connector;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.FailureClassifier;
import freshet.indexer.session.Lag;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.Query;
import freshet.indexer.session.Session;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.LocalTime;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares what is configured with live servers. Connects, reads, changes nothing. Each server is
 * checked by itself, since a replica may lack an index that the source has.
 */
public final class ConfigCheck {
  private static final Pattern DIGITS = Pattern.compile("\\((\\d)\\)");
  private static final long SMALL_PACKET = 16L << 20;

  private final SourceOptions options;
  private final IndexSchema schema;
  private final Time time;

  /** A check of these options. */
  public ConfigCheck(SourceOptions options, IndexSchema schema, Time time) {
    this.options = options;
    this.schema = schema;
    this.time = time;
  }

  /** What should be changed; empty if all is as a poll needs it. */
  public List<Finding> check() {
    Connector connector =
        new Connector(
            options.session().database(),
            options.session().credentials(),
            options.session().tls(),
            options.session().timeouts().connect(),
            options.session().timeouts().handshake(),
            time);
    List<Finding> findings = new ArrayList<>();
    for (Endpoint endpoint : options.session().endpoints()) {
      try (Session session =
          Session.open(connector, endpoint, options.session().timeouts(), time)) {
        findings.addAll(new OfServer(session).check());
      } catch (SourceException e) {
        findings.add(
            new Finding(
                "no connection to " + endpoint,
                String.valueOf(e.getMessage()),
                e instanceof SourceException.AccessDenied
                    ? "create the account with conf/grants.sql, or correct user and password"
                    : "correct host and port, or start the server"));
      }
    }
    return findings;
  }

  /** One server. */
  private final class OfServer {
    private final Session session;
    private final List<Finding> findings = new ArrayList<>();

    OfServer(Session session) {
      this.session = session;
    }

    List<Finding> check() {
      try {
        checkDocuments(
            LiveTable.read(session, options.session().database(), options.table().name()));
        Tombstones tombstones = options.tombstones();
        if (tombstones != null) {
          LiveTable live =
              LiveTable.read(session, options.session().database(), tombstones.table());
          checkTombstones(tombstones, live);
        }
        for (SideTable side : options.table().alsoChangedBy()) {
          LiveTable live = LiveTable.read(session, options.session().database(), side.table());
          if (!isMissing(side.table(), live)) {
            checkPairs(side.table(), side.key(), side.version(), live);
          }
        }
        checkPacket();
        checkZones();
        if (findings.isEmpty()) {
          tryQueries();
        }
        checkLag();
      } catch (SQLException e) {
        SourceException failure = FailureClassifier.ofQuery("checking " + session.endpoint(), e);
        add("a query of the check failed", String.valueOf(failure.getMessage()), fixOf(failure));
      }
      return findings;
    }

    private void checkDocuments(LiveTable live) {
      TableSpec table = options.table();
      if (isMissing(table.name(), live)) {
        return;
      }
      List<String> key = table.key().stream().map(KeyColumn::name).toList();
      List<String> content = new ArrayList<>(List.of(table.city()));
      for (FieldSpec field : schema.fields()) {
        content.addAll(PollStatements.columnsOf(table, field).columns());
      }
      if (table.query() == null) {
        checkColumns(table.name(), live, content);
      }
      if (checkPairs(table.name(), table.key(), table.version(), live) && !live.isUnique(key)) {
        add(
            "the key of table " + table.name() + " is not unique, so documents replace each other",
            "unique indexes: " + live.uniqueIndexes(),
            "ALTER TABLE %s ADD UNIQUE (%s)".formatted(Sql.quoted(table.name()), quoted(key)));
      }
    }

    private void checkTombstones(Tombstones tombstones, LiveTable live) {
      if (isMissing(tombstones.table(), live)) {
        return;
      }
      List<KeyColumn> key = new ArrayList<>();
      for (int i = 0; i < tombstones.key().size(); i++) {
        key.add(new KeyColumn(tombstones.key().get(i), options.table().key().get(i).type()));
      }
      checkPairs(tombstones.table(), key, tombstones.version(), live);
    }

    /** What is true of documents and tombstones: version and key, and their index. */
    private boolean checkPairs(
        String table, List<KeyColumn> key, VersionColumn version, LiveTable live) {
      List<String> names = new ArrayList<>(key.stream().map(KeyColumn::name).toList());
      names.add(version.name());
      boolean hasAll = checkColumns(table, live, names);
      key.forEach(column -> checkKeyColumn(table, column, live));
      checkVersion(table, version, live);
      if (hasAll) {
        checkIndex(table, version, names.subList(0, key.size()), live);
      }
      return hasAll;
    }

    private boolean isMissing(String table, LiveTable live) {
      if (live.columns().isEmpty()) {
        add(
            "table " + table + " is not there, or the account may not read it",
            "information_schema shows no column of it to " + options.session().credentials().user(),
            "GRANT SELECT ON %s TO '%s'@'%%'"
                .formatted(Sql.quoted(qualified(table)), options.session().credentials().user()));
      }
      return live.columns().isEmpty();
    }

    private boolean checkColumns(String table, LiveTable live, List<String> needed) {
      boolean hasAll = true;
      for (String column : needed) {
        if (live.column(column) == null) {
          hasAll = false;
          add(
              "table " + table + " has no column " + column,
              "it has " + live.columns().keySet(),
              "correct the name in the configuration");
        }
      }
      return hasAll;
    }

    private void checkKeyColumn(String table, KeyColumn column, LiveTable live) {
      LiveTable.Column found = live.column(column.name());
      if (found == null) {
        return;
      }
      String collation = found.collation();
      boolean fits =
          switch (column.type()) {
            case BIGINT -> found.type().contains("int") && !found.type().contains("unsigned");
            case BIGINT_UNSIGNED ->
                found.type().contains("int") && found.type().contains("unsigned");
            case STRING -> collation != null;
            case BINARY -> found.type().contains("binary") || found.type().contains("blob");
          };
      if (!fits) {
        add(
            "key column %s of table %s is of another type than configured"
                .formatted(column.name(), table),
            "it is " + found.type() + ", configured is " + column.type(),
            "correct the key's type in the configuration");
      } else if (column.type() == KeyType.STRING
          && collation != null
          && !collation.endsWith("_bin")
          && !collation.equals("binary")) {
        add(
            "key column %s of table %s is not compared byte by byte, so keys are ordered otherwise than in the index"
                .formatted(column.name(), table),
            "its collation is " + collation,
            "ALTER TABLE %s MODIFY %s %s CHARACTER SET %s COLLATE %s NOT NULL"
                .formatted(
                    Sql.quoted(table),
                    Sql.quoted(column.name()),
                    found.type(),
                    charset(collation),
                    charset(collation) + "_bin"));
      }
    }

    private void checkVersion(String table, VersionColumn version, LiveTable live) {
      LiveTable.Column found = live.column(version.name());
      if (found == null) {
        return;
      }
      if (found.isNullable()) {
        add(
            "version column %s of table %s may be NULL; such a row is never read"
                .formatted(version.name(), table),
            "it is declared " + found.type() + " NULL",
            "ALTER TABLE %s MODIFY %s %s NOT NULL"
                .formatted(Sql.quoted(table), Sql.quoted(version.name()), found.type()));
      }
      String wanted = declared(version);
      Matcher digits = DIGITS.matcher(found.type());
      String base = found.type().replaceAll("[( ].*", "");
      String is =
          base.contains("int")
              ? "integer"
              : base + "(" + (digits.find() ? digits.group(1) : "0") + ")";
      if (!is.equals(wanted)) {
        add(
            "version column %s of table %s is of another type than configured"
                .formatted(version.name(), table),
            "it is " + is + ", configured is " + wanted,
            "correct the version's type in the configuration");
      }
    }

    private void checkIndex(String table, VersionColumn version, List<String> key, LiveTable live) {
      List<String> wanted = new ArrayList<>(List.of(version.name()));
      wanted.addAll(key);
      if (!live.isOrderedBy(wanted)) {
        String name = "freshet_" + version.name().toLowerCase(Locale.ROOT);
        add(
            "table %s has no index on %s, so every poll reads and sorts the whole table"
                .formatted(table, wanted),
            "its indexes: " + live.indexes(),
            "CREATE INDEX %s ON %s (%s)"
                .formatted(Sql.quoted(name), Sql.quoted(table), quoted(wanted)));
      }
    }

    private void checkPacket() {
      if (session.packetLimit() < SMALL_PACKET) {
        add(
            "rows larger than max_allowed_packet can't be read and are set aside",
            "it is " + session.packetLimit() + " bytes",
            "SET GLOBAL max_allowed_packet = " + SMALL_PACKET);
      }
    }

    private void checkZones() throws SQLException {
      for (LocalTime local :
          LocalTime.find(
              session, options.session().database(), options.table(), options.tombstones())) {
        add(local.what(), local.evidence(), local.fix());
      }
    }

    /** Shows what names and types do not: the searchable_if expression, privileges on columns. */
    private void tryQueries() throws SQLException {
      PollStatements statements = new PollStatements(options.table(), options.tombstones(), schema);
      for (Query sample : statements.samples().values()) {
        session.read(sample, row -> false);
      }
    }

    private void checkLag() throws SQLException {
      try {
        Lag lag = Lag.measure(session, options.session().lag(), session.state("").nowMicros());
        if (lag instanceof Lag.Unknown(String why)) {
          add(
              "nobody knows how far "
                  + session.endpoint()
                  + " is behind, so freshness is never claimed",
              why,
              "start replication; or configure a heartbeat table; or, if this is the source itself,"
                  + " say that it is not replicated");
        }
      } catch (SQLException e) {
        SourceException failure = FailureClassifier.ofQuery("measuring the lag", e);
        add("the lag can't be measured", String.valueOf(failure.getMessage()), fixOf(failure));
      }
    }

    private void add(String what, String evidence, String fix) {
      findings.add(new Finding(session.endpoint() + ": " + what, evidence, fix));
    }
  }

  private String fixOf(SourceException failure) {
    if (failure instanceof SourceException.AccessDenied) {
      return options.session().lag() instanceof LagSource.ReplicaStatus
          ? "GRANT /*M! REPLICA MONITOR */ /*!80000 REPLICATION CLIENT */ ON *.* TO '%s'@'%%'; see conf/grants.sql"
              .formatted(options.session().credentials().user())
          : "grant what conf/grants.sql grants";
    }
    return "correct the name or expression in the configuration";
  }

  private String qualified(String table) {
    return table.contains(".") ? table : options.session().database() + "." + table;
  }

  private static String quoted(List<String> columns) {
    return String.join(", ", columns.stream().map(Sql::quoted).toList());
  }

  private static String charset(String collation) {
    int end = collation.indexOf('_');
    return end < 0 ? collation : collation.substring(0, end);
  }

  private static String declared(VersionColumn version) {
    return switch (version.type()) {
      case VersionColumn.DateTime dateTime -> "datetime(" + dateTime.digits() + ")";
      case VersionColumn.Timestamp(int digits) -> "timestamp(" + digits + ")";
      case VersionColumn.Epoch epoch -> "integer";
    };
  }
}
