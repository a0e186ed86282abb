package freshet.indexer.check;

import freshet.indexer.session.ServerState;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.Finding;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.ColumnFault;
import freshet.indexer.table.FieldTypes;
import freshet.indexer.table.FieldZones;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.LocalTime;
import freshet.indexer.table.NamedQuery;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.SideTable;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import freshet.indexer.table.VersionColumn;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.IndexSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Holds the configuration against one server: asks, and hands the answers to the checks. */
final class EndpointCheck {
  private final SourceOptions options;
  private final IndexSchema schema;
  private final Conversation server;
  private final List<Finding> findings = new ArrayList<>();
  private @Nullable Account account;

  EndpointCheck(SourceOptions options, IndexSchema schema, Conversation server) {
    this.options = options;
    this.schema = schema;
    this.server = server;
  }

  CheckedSource check() {
    SourceException failure = null;
    try {
      ask();
    } catch (SourceException e) {
      // What was found before stands.
      Account asked = account;
      if (asked != null && e instanceof SourceException.AccessDenied) {
        findings.add(refused(e, asked));
      } else {
        findings.add(unchecked(e));
        failure = e;
      }
    }
    return new CheckedSource(
        findings.stream().map(finding -> finding.at(server.endpoint().toString())).toList(),
        failure);
  }

  /** Such as a table that only table.query names, or a function in searchable_if. */
  private static Finding refused(SourceException failure, Account asked) {
    String refusal = String.valueOf(failure.getMessage());
    return new Finding(
        "the account may not ask what a poll asks; what comes after it is not checked",
        refusal,
        asked
            .grantRefused(refusal)
            .orElse("grant %s what the server refuses".formatted(asked.name())));
  }

  private static Finding unchecked(SourceException failure) {
    return new Finding(
        "the server can't be checked",
        String.valueOf(failure.getMessage()),
        failure instanceof SourceException.AccessDenied
            ? "create the account with conf/grants.sql, or correct user, password and source.tls"
            : "bin/indexer doctor says where it fails; docs/troubleshooting.md has the heading "
                + failure.getClass().getSimpleName());
  }

  private void ask() throws SourceException {
    ServerState state = server.state();
    boolean isMariaDb = server.version().contains("MariaDB");
    Account account = Account.read(server, options.session().database());
    this.account = account;
    TableSpec table = options.table();
    Tombstones tombstones = options.tombstones();
    LiveTable documents = table(table.name(), account, null);
    LiveTable deletions =
        tombstones == null
            ? null
            : table(
                tombstones.table(),
                account,
                documents == null
                    ? null
                    : new TombstoneStatements(table, tombstones).create(documents));
    boolean isComplete = documents != null && (tombstones == null || deletions != null);
    if (documents != null) {
      if (table.query() == null) {
        isComplete &= columns(documents, content());
      }
      isComplete &= pairs(documents, table.version(), table.key());
      findings.addAll(new ColumnCheck(documents).version(table.version()));
      findings.addAll(ViewCheck.of(documents, account));
      findings.addAll(ExpressionCheck.of(table, server));
      if (documents.column(table.city()) != null) {
        findings.addAll(CitiesCheck.of(table, options.cities(), server));
      }
    }
    if (deletions != null && tombstones != null) {
      isComplete &= pairs(deletions, tombstones.version(), keyOf(tombstones));
      findings.addAll(new ColumnCheck(deletions).version(tombstones.version()));
    }
    Map<SideTable, LiveTable> sides = sides(account);
    isComplete &= sides.size() == table.alsoChangedBy().size();
    if (documents != null && isComplete) {
      queries(documents, deletions, sides, account, isMariaDb, state.nowMicros());
    }
    localTime();
    if (isComplete) {
      fieldTypes();
    }
    if (documents != null && isComplete && table.query() == null) {
      findings.addAll(CharsetCheck.of(documents, table, schema, server));
    }
    findings.addAll(new ServerCheck(options, server).general(account, isMariaDb, state));
  }

  /** Those side tables that are as a poll needs them. */
  private Map<SideTable, LiveTable> sides(Account account) throws SourceException {
    Map<SideTable, LiveTable> complete = new LinkedHashMap<>();
    for (SideTable side : options.table().alsoChangedBy()) {
      LiveTable live = table(side.table(), account, null);
      if (live != null) {
        findings.addAll(new ColumnCheck(live).version(side.version()));
        if (pairs(live, side.version(), side.key())) {
          complete.put(side, live);
        }
      }
    }
    return complete;
  }

  /** Versions and dates that would be read hours off. */
  private void localTime() throws SourceException {
    String database = options.session().database();
    TableSpec table = options.table();
    addFaults(
        server.run(
            "looking at the columns of versions",
            on -> LocalTime.find(on, database, table, options.tombstones())));
    try {
      addFaults(
          server.run(
              "looking at the columns of dates",
              on -> {
                List<ColumnFault> faults = FieldZones.needless(on, database, table);
                faults.addAll(FieldZones.missing(on, database, table, schema));
                return faults;
              }));
    } catch (SourceException.SchemaError e) {
      // A query of the user's that the server does not understand is a finding of its plan.
      if (table.query() == null) {
        throw e;
      }
    }
  }

  /** Columns that can't become their fields. */
  private void fieldTypes() throws SourceException {
    PollStatements statements = new PollStatements(options.table(), options.tombstones(), schema);
    try {
      addFaults(
          server.run("looking at the columns of fields", on -> FieldTypes.refused(on, statements)));
    } catch (SourceException.SchemaError e) {
      // A query of the user's that the server does not understand is a finding of its plan.
      return;
    }
  }

  private void addFaults(List<ColumnFault> faults) {
    for (ColumnFault fault : faults) {
      findings.add(new Finding(fault.what(), fault.evidence(), fault.fix()));
    }
  }

  /** A table; null if it can't be read, which is then a finding. */
  private @Nullable LiveTable table(String name, Account account, @Nullable String create)
      throws SourceException {
    try {
      return LiveTable.read(server, options.session().database(), name);
    } catch (SourceException.AccessDenied e) {
      findings.add(
          new Finding(
              "the account may not read all of table " + name + ", if there is one",
              String.valueOf(e.getMessage()),
              account.grant("SELECT", name)));
    } catch (SourceException.SchemaError e) {
      findings.add(
          new Finding(
              "table " + name + " is not there",
              String.valueOf(e.getMessage()),
              create == null ? "correct the name in the configuration" : create));
    }
    return null;
  }

  private List<String> content() {
    List<String> content = new ArrayList<>(List.of(options.table().city()));
    for (FieldSpec field : schema.fields()) {
      content.addAll(PollStatements.columnsOf(options.table(), field).columns());
    }
    return content;
  }

  private boolean columns(LiveTable live, List<String> needed) {
    List<Finding> missing = new ColumnCheck(live).missing(needed);
    findings.addAll(missing);
    return missing.isEmpty();
  }

  private boolean pairs(LiveTable live, VersionColumn version, List<KeyColumn> key) {
    ColumnCheck check = new ColumnCheck(live);
    key.forEach(column -> findings.addAll(check.key(column)));
    List<Finding> missing = check.missing(version);
    findings.addAll(missing);
    return columns(live, names(key)) && missing.isEmpty() && key.stream().allMatch(check::fits);
  }

  private List<KeyColumn> keyOf(Tombstones tombstones) {
    List<KeyColumn> key = new ArrayList<>();
    for (int i = 0; i < tombstones.key().size(); i++) {
      key.add(new KeyColumn(tombstones.key().get(i), options.table().key().get(i).type()));
    }
    return key;
  }

  /** What can be said once all columns are there: how the queries of a poll run. */
  private void queries(
      LiveTable documents,
      @Nullable LiveTable deletions,
      Map<SideTable, LiveTable> sides,
      Account account,
      boolean isMariaDb,
      long nowMicros)
      throws SourceException {
    TableSpec table = options.table();
    List<String> key = names(table.key());
    boolean isOrdered = isOrdered(documents, table.version().name(), key);
    List<String> ordered = new ArrayList<>();
    if (isOrdered) {
      ordered.add(table.name());
    }
    sides.forEach(
        (side, live) -> {
          if (isOrdered(live, side.version().name(), names(side.key()))) {
            ordered.add(side.table());
          }
        });
    Tombstones tombstones = options.tombstones();
    if (tombstones != null
        && deletions != null
        && isOrdered(deletions, tombstones.version().name(), tombstones.key())) {
      ordered.add(tombstones.table());
    }
    Map<NamedQuery, Plan> plans = plans(ordered, documents, nowMicros);
    int before = findings.size();
    if (!documents.isView()) {
      IndexCheck index = new IndexCheck(documents, isMariaDb);
      findings.addAll(index.ofPages(table.version().name(), key, evidence(plans, table.name())));
      findings.addAll(index.ofKey(key));
    }
    if (tombstones != null && deletions != null) {
      findings.addAll(
          new IndexCheck(deletions, isMariaDb)
              .ofPages(
                  tombstones.version().name(),
                  tombstones.key(),
                  evidence(plans, tombstones.table())));
    }
    sides.forEach(
        (side, live) ->
            findings.addAll(
                new IndexCheck(live, isMariaDb)
                    .ofPages(
                        side.version().name(), names(side.key()), evidence(plans, side.table()))));
    if (findings.size() == before) {
      findings.addAll(new PlanCheck(options, schema, server).costly(plans, documents.isView()));
    }
    withoutVersion();
    if (tombstones != null && deletions != null) {
      TombstoneCheck check = new TombstoneCheck(options, tombstones, schema);
      findings.addAll(check.precision(deletions));
      findings.addAll(TombstoneStatements.cascades(documents));
      if (isOrdered) {
        findings.addAll(check.writer(documents, deletions, account, server, nowMicros));
      }
    }
    findings.addAll(
        new ServerCheck(options, server).packet(schema, isOrdered && table.query() == null));
  }

  private static List<String> names(List<KeyColumn> key) {
    return key.stream().map(KeyColumn::name).toList();
  }

  private static boolean isOrdered(LiveTable live, String version, List<String> key) {
    List<String> wanted = new ArrayList<>(List.of(version));
    wanted.addAll(key);
    return live.isView() || live.orderedBy(wanted).stream().anyMatch(LiveIndex::isVisible);
  }

  private Map<NamedQuery, Plan> plans(List<String> ordered, LiveTable documents, long nowMicros)
      throws SourceException {
    try {
      return new PlanCheck(options, schema, server).plans(ordered, nowMicros);
    } catch (SourceException.SchemaError e) {
      // Whoever may read a view may not always see how it is read.
      if (!documents.isView()) {
        findings.add(
            new Finding(
                "a query of a poll fails",
                String.valueOf(e.getMessage()),
                "correct table, columns and expressions in the configuration"));
      }
      return Map.of();
    }
  }

  private static String evidence(Map<NamedQuery, Plan> plans, String table) {
    String shown =
        plans.entrySet().stream()
            .filter(plan -> plan.getKey().table().equals(table))
            .map(plan -> plan.getKey().name() + ": " + plan.getValue())
            .collect(Collectors.joining(". "));
    return shown.isEmpty() ? "" : ". EXPLAIN of the " + shown;
  }

  /** Rows that no poll reads. */
  private void withoutVersion() throws SourceException {
    TableSpec table = options.table();
    Optional<Map<String, String>> row =
        server
            .rows(
                "looking for rows without a version",
                new PollStatements(table, options.tombstones(), schema).withoutVersion(1))
            .stream()
            .findFirst();
    if (row.isPresent()) {
      // First of all: the column can't be declared NOT NULL before.
      findings.addFirst(
          new Finding(
              "rows of table %s have no version and are never read".formatted(table.name()),
              "for example " + row.get(),
              Statements.stamp(table.name(), table.version())));
    }
  }
}
