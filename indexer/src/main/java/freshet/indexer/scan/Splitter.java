package freshet.indexer.scan;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.Session;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.KeyReader;
import freshet.indexer.table.ScanStatements;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.KeyCodec;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Splits a table by keys that exist, at a bounded number of dives into its indexes: those of rows
 * that were stamped evenly over time, and, between two of which many rows lie, those that follow
 * guessed ones. The database orders them, as only it can, and estimates the rows between them from
 * its statistics. Whatever was guessed wrong makes ranges fewer or less even, never wrong.
 */
final class Splitter {
  private static final Logger LOG = LoggerFactory.getLogger(Splitter.class);

  /** Dives for each range, at most. */
  private static final int DIVES = 8;

  /** Dives for each range, at least; less would make ranges of chance. */
  private static final int FEWEST_DIVES = 4;

  /** Rows of the table for each dive, so that splitting costs a small part of reading. */
  private static final int ROWS_PER_DIVE = 1_000;

  private static final int ROUNDS = 4;

  private record Gap(DocumentKey after, DocumentKey upTo) {}

  private final PollSession session;
  private final ScanStatements statements;
  private final KeyReader keyReader;
  private final KeyPoints points;
  private final Map<Gap, Long> estimates = new HashMap<>();
  private boolean mayEstimate = true;

  Splitter(PollSession session, ScanStatements statements, KeyCodec codec) {
    this.session = session;
    this.statements = statements;
    this.keyReader = new KeyReader(codec);
    this.points = new KeyPoints(codec);
  }

  /** How many rows the table has, as the server's statistics say; 0 if it does not say. */
  long estimatedRows() throws SourceException {
    return estimate(new Gap(DocumentKey.EMPTY, DocumentKey.EMPTY));
  }

  /** Ranges that are together the whole table. */
  List<KeyRange> split(int parts) throws SourceException {
    List<Cursor> ends =
        new ArrayList<>(ask(statements.keys(DocumentKey.EMPTY, DocumentKey.EMPTY, 1)));
    ends.addAll(ask(statements.lastKey()));
    if (parts == 1 || ends.size() < 2) {
      return List.of(KeyRange.ALL);
    }
    long affordable = estimatedRows() / ROWS_PER_DIVE;
    int dives =
        Math.toIntExact(Math.clamp(affordable, (long) parts * FEWEST_DIVES, (long) parts * DIVES));
    Set<DocumentKey> found = new LinkedHashSet<>();
    ends.forEach(end -> add(found, end));
    stampedEvenly(dives / 2).forEach(pair -> add(found, pair));
    List<DocumentKey> keys = inOrder(found);
    int left = dives - dives / 2;
    for (int round = 0; round < ROUNDS && left > 0; round++) {
      List<DocumentKey> guesses = guesses(keys, parts, left);
      if (guesses.isEmpty()) {
        break;
      }
      left -= guesses.size();
      for (DocumentKey guess : guesses) {
        ask(statements.keys(guess, DocumentKey.EMPTY, 1)).forEach(pair -> add(found, pair));
      }
      keys = inOrder(found);
    }
    return Quantiles.ranges(keys, rows(keys), parts);
  }

  private static void add(Collection<DocumentKey> keys, Cursor pair) {
    // A key that is empty stands for none.
    if (!pair.key().equals(DocumentKey.EMPTY)) {
      keys.add(pair.key());
    }
  }

  private List<Cursor> stampedEvenly(int count) throws SourceException {
    List<Cursor> oldest = ask(statements.stampedSince(Long.MIN_VALUE));
    List<Cursor> newest = ask(statements.newestDocument(Long.MAX_VALUE));
    List<Cursor> pairs = new ArrayList<>();
    if (oldest.isEmpty() || newest.isEmpty()) {
      return pairs;
    }
    double from = oldest.getFirst().version();
    double step = (newest.getFirst().version() - from) / (count + 1);
    for (int i = 1; i <= count && step >= 1; i++) {
      pairs.addAll(ask(statements.stampedSince((long) (from + i * step))));
    }
    return pairs;
  }

  /** Between keys with many rows between them. */
  private List<DocumentKey> guesses(List<DocumentKey> keys, int parts, int most)
      throws SourceException {
    List<Long> rows = rows(keys);
    double total = rows.stream().mapToLong(Long::longValue).sum();
    double much = total / parts / 2;
    Letters letters = Letters.of(keys, points.codec());
    List<DocumentKey> guesses = new ArrayList<>();
    for (int i = 1; i < keys.size(); i++) {
      if (rows.get(i) > much) {
        int count = (int) Math.ceil(most * rows.get(i) / total / 2);
        guesses.addAll(points.between(keys.get(i - 1), keys.get(i), letters, count));
      }
    }
    return guesses.subList(0, Math.min(most, guesses.size()));
  }

  /** Rows between each key and the one before it. */
  private List<Long> rows(List<DocumentKey> keys) throws SourceException {
    List<Long> rows = new ArrayList<>();
    for (int i = 0; i < keys.size(); i++) {
      rows.add(i == 0 ? 1L : Math.max(1, estimate(new Gap(keys.get(i - 1), keys.get(i)))));
    }
    return rows;
  }

  private long estimate(Gap gap) throws SourceException {
    Long known = estimates.get(gap);
    if (known == null) {
      known = mayEstimate ? asked(gap) : 0;
      estimates.put(gap, known);
    }
    return known;
  }

  /** What a view stands for is explained to accounts only that may see it. */
  private long asked(Gap gap) throws SourceException {
    try {
      return session.run("asking how many rows there are", on -> estimated(on, gap));
    } catch (SourceException.AccessDenied | SourceException.SchemaError e) {
      LOG.info("ranges may be uneven: {}", e.getMessage());
      mayEstimate = false;
      return 0;
    }
  }

  private long estimated(Session on, Gap gap) throws SQLException {
    long[] rows = new long[1];
    on.read(
        statements.explain(gap.after(), gap.upTo()),
        row -> {
          String said = row.getString("rows");
          // MariaDB prints more than the number where it filters by another index.
          String digits = said == null ? "" : said.replaceFirst("[^0-9].*", "");
          rows[0] = Math.max(rows[0], digits.isEmpty() ? 0 : Long.parseLong(digits));
          return true;
        });
    return rows[0];
  }

  private List<DocumentKey> inOrder(Collection<DocumentKey> keys) throws SourceException {
    List<DocumentKey> ordered = new ArrayList<>();
    ask(statements.inOrder(List.copyOf(keys))).forEach(pair -> add(ordered, pair));
    return ordered;
  }

  private List<Cursor> ask(Query query) throws SourceException {
    return session.run(
        "looking for keys to split the table by",
        on -> {
          List<Cursor> pairs = new ArrayList<>();
          on.read(query, row -> pairs.add(new Cursor(row.getLong(1), keyReader.read(row, 2))));
          return pairs;
        });
  }
}
