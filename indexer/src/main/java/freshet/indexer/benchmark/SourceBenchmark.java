package freshet.indexer.benchmark;

import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.quarantine.SetAside;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.SessionListener;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.MySqlSource;
import freshet.indexer.source.OverlapWindow;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.PageReader;
import freshet.indexer.table.PageSize;
import freshet.indexer.table.PollStatements;
import freshet.indexer.table.RowReader;
import freshet.indexer.table.SqlPageReader;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SourcePosition;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Reads one table in several ways, in turns, so that none has the machine at a better time. */
final class SourceBenchmark {
  private static final int IDLE_POLLS = 50;

  private final ListingsServer server;
  private final SourceOptions options;
  private final Time time;
  private final StopSignal stop = new StopSignal();

  SourceBenchmark(ListingsServer server, Time time) {
    this.server = server;
    this.options = server.options();
    this.time = time;
  }

  SourceFigures run(int runs) throws SQLException, SourceException {
    List<Duration> streamed = new ArrayList<>();
    List<Duration> pages = new ArrayList<>();
    List<Duration> firstRows = new ArrayList<>();
    List<Duration> polls = new ArrayList<>();
    List<Duration> idle = new ArrayList<>();
    List<Duration> scans = new ArrayList<>();
    for (int run = 0; run <= runs; run++) {
      Duration stream = stream();
      Duration page = pages(firstRows);
      Duration poll = polls(idle);
      ScanRun.Result scan = ScanRun.of(options, this::sessions, new NoQuarantine(), time);
      expectAll(scan.rows());
      if (run == 0) {
        // Code and caches are warm by now.
        firstRows.clear();
        idle.clear();
        continue;
      }
      streamed.add(stream);
      pages.add(page);
      polls.add(poll);
      scans.add(scan.duration());
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      ratios.add((double) streamed.get(i).toNanos() / pages.get(i).toNanos());
    }
    return new SourceFigures(
        server.rows(),
        server.rowBytes(),
        runs,
        perSecond(median(streamed)),
        perSecond(median(pages)),
        perSecond(median(polls)),
        perSecond(median(scans)),
        Math.round(100 * median(ratios)) / 100.0,
        median(firstRows),
        median(idle));
  }

  private static <T extends Comparable<T>> T median(List<T> figures) {
    Collections.sort(figures);
    return figures.get(figures.size() / 2);
  }

  private long perSecond(Duration duration) {
    return Math.round(server.rows() * 1e9 / duration.toNanos());
  }

  private void expectAll(int read) {
    if (read != server.rows()) {
      throw new IllegalStateException("%d rows were read of %d".formatted(read, server.rows()));
    }
  }

  /** What the driver can do at best: one query, nothing made of the rows. */
  private Duration stream() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.setFetchSize(Integer.MIN_VALUE);
      long start = time.nanoTime();
      int read = 0;
      long characters = 0;
      try (ResultSet rows = statement.executeQuery(ListingsServer.ALL)) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          for (int i = 1; i <= columns; i++) {
            String text = rows.getString(i);
            characters += text == null ? 0 : text.length();
          }
          read++;
        }
      }
      Duration duration = time.since(start);
      expectAll(characters > 0 ? read : 0);
      return duration;
    }
  }

  private Sessions sessions() {
    return new Sessions(
        options.session(),
        new ConnectGate(options.session()),
        time,
        new Random(1),
        stop,
        SessionListener.NONE);
  }

  /** Rows into documents, page by page, as the first read of a table does. */
  private Duration pages(List<Duration> firstRows) throws SourceException {
    try (Sessions sessions = sessions()) {
      PageReader reader =
          new SqlPageReader(
              sessions.poll(SourcePosition.START),
              new PollStatements(options.table(), null, ListingsServer.schema()),
              new RowReader(
                  ListingsServer.schema(),
                  options.table(),
                  options.limits().rowBytes(),
                  new NoQuarantine(),
                  options.cities()),
              new PageSize(options.limits().pageRows()));
      // Connects, which is none of this benchmark's business.
      List<Cursor> unused = reader.pairs(Cursor.START, 1);
      int pageRows = options.limits().pageRows();
      Cursor[] after = {Cursor.START};
      int read = 0;
      int page = pageRows;
      long start = time.nanoTime();
      while (page == pageRows) {
        long pageStart = time.nanoTime();
        Duration[] first = new Duration[1];
        page =
            reader.rows(
                after[0],
                pageRows,
                row -> {
                  if (first[0] == null) {
                    first[0] = time.since(pageStart);
                    firstRows.add(first[0]);
                  }
                  after[0] = new Cursor(row.version(), row.key());
                  return true;
                });
        read += page;
      }
      Duration duration = time.since(start);
      expectAll(read);
      return duration;
    }
  }

  /** Whole polls from the start to the end, and then some that find nothing. */
  private Duration polls(List<Duration> idle) throws SourceException {
    ReadDocuments documents = new ReadDocuments();
    MySqlSource source =
        new MySqlSource(
            options,
            ListingsServer.schema(),
            sessions(),
            time,
            stop,
            new NoQuarantine(),
            documents);
    try (source) {
      SourcePosition position = SourcePosition.START;
      OverlapWindow window = OverlapWindow.UNSEEN;
      int read = 0;
      long start = time.nanoTime();
      ChangeBatch batch;
      do {
        batch = source.poll(position, window, documents);
        documents.apply(batch);
        read += batch.changes().size();
        position = batch.to();
        window = batch.window();
      } while (!batch.reachedEnd());
      Duration duration = time.since(start);
      expectAll(read);
      for (int i = 0; i < IDLE_POLLS; i++) {
        idle.add(source.poll(position, window, documents).report().duration());
      }
      return duration;
    }
  }

  /** Every row of this table becomes a document. */
  private static final class NoQuarantine implements Quarantine {
    @Override
    public void setAside(SetAside row) {
      throw new IllegalStateException("row " + row.id() + " can't be read: " + row.reason());
    }

    @Override
    public void save() {}

    @Override
    public List<DocumentKey> toRetry() {
      return List.of();
    }

    @Override
    public void resolve(Collection<DocumentKey> keys) {}
  }
}
