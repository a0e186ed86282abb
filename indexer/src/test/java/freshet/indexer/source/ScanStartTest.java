package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.connect.Credentials;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import freshet.indexer.session.Lag;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.RetryOptions;
import freshet.indexer.session.ServerState;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.Silence;
import freshet.indexer.session.Timeouts;
import freshet.indexer.table.KeyColumn;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.ScanStatements;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.VersionColumn;
import freshet.indexer.table.VersionColumn.DateTime;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** From which servers a scan's rows may come. */
class ScanStartTest {
  private static final long SECOND = 1_000_000;
  private static final long BEGUN = 1_760_000_000 * SECOND;
  private static final Lag NO_LAG = new Lag.Known(Duration.ZERO);

  private static ScanStart start(ZoneId zone) {
    TableSpec table =
        new TableSpec(
            "t",
            List.of(new KeyColumn("id", KeyType.BIGINT)),
            new VersionColumn("v", new DateTime(6, zone)),
            "city",
            List.of(),
            null);
    SourceOptions options =
        new SourceOptions(
            new SessionOptions(
                List.of(new Endpoint("127.0.0.1", 1)),
                "shop",
                new Credentials("freshet", () -> ""),
                new Tls.Off(),
                new LagSource.NotReplicated(),
                Timeouts.DEFAULT,
                RetryOptions.DEFAULT,
                SessionOptions.DEFAULT_MAX_AGE,
                SessionOptions.DEFAULT_MAX_LAG,
                1),
            Limits.DEFAULT,
            SourceOptions.DEFAULT_OVERLAP,
            new CheckOptions(
                CheckOptions.DEFAULT_SWEEP_EVERY,
                CheckOptions.DEFAULT_SWEEP_REACH,
                CheckOptions.DEFAULT_DIFF_EVERY,
                CheckOptions.DEFAULT_WAIT_FOR_TRANSACTIONS),
            table,
            null);
    IndexSchema schema = new IndexSchema(1, List.of(KeyType.BIGINT), List.of(), List.of());
    return new ScanStart(options, new ScanStatements(new PollStatements(table, null, schema)));
  }

  private static SourcePosition position(String gtid, long changes) {
    return new SourcePosition(
        "a", gtid, Cursor.START, new Cursor(changes, DocumentKey.EMPTY), Map.of());
  }

  private static ServerState server(String name, long now) {
    return new ServerState(
        name,
        now,
        new DatabaseClock(Duration.ZERO, Duration.ZERO),
        "",
        true,
        true,
        new Silence(Duration.ZERO, Duration.ZERO));
  }

  @Test
  void theServerOfTheStartAlwaysHasWhatItHad() {
    SourcePosition position = position("", BEGUN);
    assertThat(start(ZoneOffset.UTC).isReached(position, server("a", BEGUN - 9), NO_LAG)).isTrue();
    assertThat(
            start(ZoneOffset.UTC)
                .isReached(position, server("a", BEGUN), new Lag.Unknown("stopped")))
        .isTrue();
  }

  @Test
  void anotherOneMustNotBeFurtherBehindThanTheStart() {
    SourcePosition position = position("", BEGUN);
    ScanStart start = start(ZoneOffset.UTC);
    Lag lag = new Lag.Known(Duration.ofSeconds(10));
    assertThat(start.isReached(position, server("b", BEGUN + 9 * SECOND), lag)).isFalse();
    assertThat(start.isReached(position, server("b", BEGUN + 10 * SECOND), lag)).isTrue();
    assertThat(
            start.isReached(position, server("b", BEGUN + 99 * SECOND), new Lag.Unknown("stopped")))
        .isFalse();
  }

  @Test
  void transactionsProveMoreThanAClock() {
    assertThat(
            start(ZoneOffset.UTC)
                .isReached(
                    position("0-1-9", BEGUN), server("b", BEGUN - SECOND), new Lag.Unknown("?")))
        .isTrue();
  }

  @Test
  void whatPollsReadFromTheStartAnywayMayComeFromAnywhere() {
    assertThat(
            start(ZoneOffset.UTC)
                .isReached(SourcePosition.START, server("b", 0), new Lag.Unknown("?")))
        .isTrue();
  }

  @Test
  void aCursorInLocalTimeIsTakenForThePointInTime() {
    ScanStart start = start(ZoneId.of("Europe/Berlin"));
    SourcePosition position = position("", BEGUN + 7_200 * SECOND);
    assertThat(start.isReached(position, server("b", BEGUN - SECOND), NO_LAG)).isFalse();
    assertThat(start.isReached(position, server("b", BEGUN), NO_LAG)).isTrue();
  }
}
