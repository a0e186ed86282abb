package freshet.indexer.config;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.Timeouts;
import freshet.indexer.source.CheckOptions;
import freshet.indexer.source.Limits;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.CityFilter;
import freshet.replicator.config.ConfigSection;
import freshet.replicator.config.Made;
import freshet.replicator.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The section {@code source}: where the database is, and how patient a poll is. */
final class SourceSection {
  private static final int MYSQL_PORT = 3306;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_CONNECTS = 1_000;
  private static final int MAX_ROWS = 10_000_000;
  private static final int MAX_PAIRS = 1_000_000_000;

  private enum TlsMode {
    OFF,
    REQUIRED,
    VERIFY_CA,
    VERIFY_IDENTITY
  }

  private enum LagFrom {
    REPLICA_STATUS,
    HEARTBEAT,
    NOT_REPLICATED
  }

  private SourceSection() {}

  static Made<SourceOptions> read(
      ConfigSection source, ConfigSection table, FieldsSection fields, Made<CityFilter> cities) {
    List<Made<Endpoint>> endpoints = new ArrayList<>();
    for (ConfigSection endpoint : source.sections("endpoints")) {
      String host = endpoint.text("host");
      int port = endpoint.number("port", MYSQL_PORT, 1, MAX_PORT);
      endpoints.add(endpoint.make(() -> new Endpoint(host, port)));
    }
    String database = source.text("database");
    String user = source.text("user");
    Secret password = source.secret("password");
    Made<Tls> tls = tls(source.section("tls"));
    Made<LagSource> lag = lag(source.section("lag"));
    Made<Timeouts> timeouts = timeouts(source.section("timeouts"));
    Made<RetryOptions> retry = retry(source.section("retry"));
    Made<Limits> limits = limits(source);
    Duration maxAge = source.timeout("connection_max_age", SessionOptions.DEFAULT_MAX_AGE);
    Duration maxLag = source.timeout("max_lag", SessionOptions.DEFAULT_MAX_LAG);
    int connects =
        source.number(
            "max_concurrent_connects", SessionOptions.DEFAULT_CONCURRENT_CONNECTS, 1, MAX_CONNECTS);
    Duration overlap = source.timeout("overlap", SourceOptions.DEFAULT_OVERLAP);
    Duration sweepEvery = source.timeout("sweep_every", CheckOptions.DEFAULT_SWEEP_EVERY);
    Duration sweepReach = source.duration("sweep_reach", CheckOptions.DEFAULT_SWEEP_REACH);
    Duration waitForTransactions =
        source.timeout("wait_for_transactions", CheckOptions.DEFAULT_WAIT_FOR_TRANSACTIONS);
    TableSection tables = TableSection.read(table, fields);
    return source.make(
        () ->
            new SourceOptions(
                new SessionOptions(
                    endpoints.stream().map(Made::get).toList(),
                    database,
                    new Credentials(user, () -> fetch(password)),
                    tls.get(),
                    lag.get(),
                    timeouts.get(),
                    retry.get(),
                    maxAge,
                    maxLag,
                    connects),
                limits.get(),
                overlap,
                new CheckOptions(sweepEvery, sweepReach, tables.diffEvery(), waitForTransactions),
                tables.documents().get(),
                tables.tombstones().isPresent() ? tables.tombstones().get().get() : null,
                cities.get()));
  }

  private static String fetch(Secret password) {
    try {
      return password.fetch();
    } catch (IOException e) {
      throw new UncheckedIOException("the database password: " + e.getMessage(), e);
    }
  }

  private static Made<Tls> tls(ConfigSection tls) {
    TlsMode mode = tls.choice("mode", TlsMode.class, TlsMode.OFF);
    Optional<Path> authorities = tls.optionalPath("ca_file");
    boolean verifies = mode == TlsMode.VERIFY_CA || mode == TlsMode.VERIFY_IDENTITY;
    if (verifies && authorities.isEmpty()) {
      tls.problem("ca_file", "missing: what a certificate is verified with, in PEM form");
    }
    if (!verifies && authorities.isPresent()) {
      tls.problem("ca_file", "nothing is verified unless mode is verify_ca or verify_identity");
    }
    return tls.make(
        () ->
            switch (mode) {
              case OFF -> new Tls.Off();
              case REQUIRED -> new Tls.Required();
              case VERIFY_CA -> new Tls.VerifyCa(authorities.orElseThrow());
              case VERIFY_IDENTITY -> new Tls.VerifyIdentity(authorities.orElseThrow());
            });
  }

  private static Made<LagSource> lag(ConfigSection lag) {
    LagFrom from = lag.choice("from", LagFrom.class, LagFrom.REPLICA_STATUS);
    Optional<String> table = lag.optionalText("table");
    Optional<String> column = lag.optionalText("column");
    if (from == LagFrom.HEARTBEAT) {
      if (table.isEmpty() || column.isEmpty()) {
        lag.problem("from", "a heartbeat also needs the keys table and column");
      }
    } else if (table.isPresent() || column.isPresent()) {
      lag.problem("from", "table and column are for a heartbeat only");
    }
    return lag.make(
        () ->
            switch (from) {
              case REPLICA_STATUS -> new LagSource.ReplicaStatus();
              case HEARTBEAT -> new LagSource.Heartbeat(table.orElseThrow(), column.orElseThrow());
              case NOT_REPLICATED -> new LagSource.NotReplicated();
            });
  }

  private static Made<Timeouts> timeouts(ConfigSection timeouts) {
    Timeouts otherwise = Timeouts.DEFAULT;
    Duration connect = timeouts.timeout("connect", otherwise.connect());
    Duration handshake = timeouts.timeout("handshake", otherwise.handshake());
    Duration firstRow = timeouts.timeout("first_row", otherwise.firstRow());
    Duration rowGap = timeouts.timeout("row_gap", otherwise.rowGap());
    Duration poll = timeouts.timeout("poll", otherwise.poll());
    return timeouts.make(() -> new Timeouts(connect, handshake, firstRow, rowGap, poll));
  }

  private static Made<RetryOptions> retry(ConfigSection retry) {
    RetryOptions otherwise = RetryOptions.DEFAULT;
    int attempts = retry.number("attempts", otherwise.attempts(), 1, 100);
    Duration first = retry.timeout("first_delay", otherwise.base());
    Duration longest = retry.timeout("max_delay", otherwise.longest());
    Duration budget = retry.duration("budget", otherwise.budget());
    return retry.make(() -> new RetryOptions(attempts, first, longest, budget));
  }

  private static Made<Limits> limits(ConfigSection source) {
    Limits otherwise = Limits.DEFAULT;
    int page = source.number("page_rows", otherwise.pageRows(), 1, 100_000);
    int rows = source.number("max_rows_per_cycle", otherwise.batchRows(), 1, MAX_ROWS);
    long bytes = source.size("max_bytes_per_cycle", otherwise.batchBytes(), 1L << 20);
    long row = source.size("max_row_size", otherwise.rowBytes(), 1L << 10);
    int pairs = source.number("window_pairs", otherwise.windowPairs(), 1, MAX_PAIRS);
    return source.make(() -> new Limits(page, rows, bytes, row, pairs));
  }
}
