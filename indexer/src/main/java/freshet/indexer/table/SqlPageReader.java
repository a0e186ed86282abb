package freshet.indexer.table;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Reads pages from the database, for the time of one poll. A page that failed half-way goes on
 * after its last row. A row that is larger than the server or the driver can send is read in
 * pieces.
 */
public final class SqlPageReader implements PageReader {
  private static final int WITHOUT_IDENTITY = 100;

  private final PollSession session;
  private final PollStatements statements;
  private final RowReader rows;
  private final RowLookUp lookUp;
  private final RowWalk walk;

  /**
   * A reader for one poll.
   *
   * @param pageSize of queries that give rows; it learns from them
   */
  public SqlPageReader(
      PollSession session, PollStatements statements, RowReader rows, PageSize pageSize) {
    this.session = session;
    this.statements = statements;
    this.rows = rows;
    RowQueries queries = new RowQueries(pageSize);
    this.lookUp = new RowLookUp(session, statements, rows, queries);
    this.walk = new RowWalk(session, statements, rows, queries, lookUp);
  }

  @Override
  public List<Cursor> tombstones(Cursor after, int limit) throws SourceException {
    return readPairs(
        "reading tombstones", place -> statements.tombstones(place, limit), after, limit);
  }

  @Override
  public List<Cursor> tombstonesOf(List<DocumentKey> keys) throws SourceException {
    return readAll("looking tombstones up", statements.tombstonesOf(keys), rows::pair).stream()
        .filter(pair -> RowReader.hasPlace(pair.version(), pair.key()))
        .toList();
  }

  @Override
  public List<Cursor> pairs(Cursor after, int limit) throws SourceException {
    if (isByKeyOnly() && after.equals(Cursor.START)) {
      setAsideWithoutIdentity();
    }
    return readPairs("reading versions", place -> statements.pairs(place, limit), after, limit);
  }

  @Override
  public List<Cursor> sidePairs(SideTable side, Cursor after, int limit) throws SourceException {
    KeyReader keys = new KeyReader(side.keyCodec());
    return readAll(
        "reading side table " + side.name(),
        statements.sidePairs(side, after, limit),
        row -> new Cursor(row.getLong(1), keys.read(row, 2)));
  }

  @Override
  public List<DocumentKey> documentsOf(
      SideTable side, List<DocumentKey> sideKeys, DocumentKey after, int limit)
      throws SourceException {
    return readAll(
        "asking which documents side table " + side.name() + " changed",
        statements.documentsOf(side, sideKeys, after, limit),
        row -> rows.key(row, 1));
  }

  @Override
  public List<TableKey> keysAfter(DocumentKey after, int limit) throws SourceException {
    return readAll("reading keys", statements.keysAfter(after, limit), rows::tableKey);
  }

  @Override
  public List<TableKey> keys(List<DocumentKey> keys) throws SourceException {
    return keys.isEmpty()
        ? List.of()
        : readAll("looking keys up", statements.keys(keys), rows::tableKey);
  }

  /**
   * A pair without a place, such as a version of 2026-00-00 among dates, is left out, and others
   * are read instead: a page is short only at the end of its table.
   */
  private List<Cursor> readPairs(
      String what, Function<Cursor, Query> query, Cursor after, int limit) throws SourceException {
    List<Cursor> all = new ArrayList<>();
    Cursor place = after;
    while (true) {
      List<Cursor> page = readAll(what, query.apply(place), rows::pair);
      List<Cursor> placed =
          page.stream().filter(pair -> RowReader.hasPlace(pair.version(), pair.key())).toList();
      all.addAll(placed);
      if (page.size() < limit || all.size() >= limit || placed.isEmpty()) {
        return all;
      }
      place = placed.getLast();
    }
  }

  /** What a page is made of. */
  private interface Maker<T> {
    T make(ResultSet row) throws SQLException;
  }

  private <T> List<T> readAll(String what, Query query, Maker<T> maker) throws SourceException {
    return session.run(
        what,
        on -> {
          List<T> made = new ArrayList<>();
          on.read(query, row -> made.add(maker.make(row)));
          return made;
        });
  }

  @Override
  public boolean isByKeyOnly() {
    return statements.isByKeyOnly();
  }

  @Override
  public int rows(Cursor after, int limit, Predicate<Row> each) throws SourceException {
    if (after.equals(Cursor.START)) {
      setAsideWithoutIdentity();
    }
    return walk.walk(new ByVersion(), after, limit, each).rows();
  }

  /** The order of versions. */
  private final class ByVersion implements RowWalk.Order {
    @Override
    public Query rows(Cursor after, int limit) {
      return statements.rows(after, limit);
    }

    @Override
    public List<Cursor> pairs(Cursor after, int limit) throws SourceException {
      return SqlPageReader.this.pairs(after, limit);
    }

    @Override
    public boolean hasPlace(Row row) {
      return RowReader.hasPlace(row.version(), row.key());
    }

    @Override
    public boolean isByVersion() {
      return true;
    }
  }

  private void setAsideWithoutIdentity() throws SourceException {
    session.run(
        "looking for rows without a version or a key",
        on -> {
          on.read(
              statements.withoutIdentity(WITHOUT_IDENTITY),
              row -> rows.setAsideUnread(row) != null);
          return 0;
        });
  }

  @Override
  public Map<DocumentKey, Row> lookUp(List<DocumentKey> keys) throws SourceException {
    return lookUp.of(keys);
  }
}
