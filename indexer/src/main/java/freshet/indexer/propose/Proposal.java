package freshet.indexer.propose;

import freshet.indexer.check.LiveTable;
import freshet.indexer.inspect.CitySizes;
import freshet.indexer.propose.FieldGuess.Field;
import freshet.indexer.propose.FieldGuess.LeftOut;
import freshet.indexer.session.LagSource;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.source.CheckOptions;
import freshet.indexer.source.Finding;
import freshet.indexer.source.Limits;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.table.TableSpec;
import freshet.indexer.table.Tombstones;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a table is to be indexed.
 *
 * @param live the table as it is
 * @param server its version, in its own words
 * @param table as it will be configured
 * @param versionWhy why that column is the version
 * @param perhaps another condition that rows to be searched may have to meet; null if none is known
 * @param tombstones where deletions are to be noted; null if rows are only marked as deleted
 * @param fields what becomes of the columns
 * @param joins of side tables that are wanted, or else that may be wanted
 * @param isJoined whether they are wanted
 * @param lag how the server's lag is learned
 * @param lagWhy in words
 * @param lacking what the database lacks for it, in the order in which it is to be put right
 * @param rows of the table, by the server's estimate
 * @param bytesOfRow of the columns that are indexed, on average
 * @param cities how the rows are spread
 */
public record Proposal(
    LiveTable live,
    String server,
    TableSpec table,
    String versionWhy,
    @Nullable String perhaps,
    @Nullable Tombstones tombstones,
    List<FieldGuess> fields,
    List<Join> joins,
    boolean isJoined,
    LagSource lag,
    String lagWhy,
    List<Finding> lacking,
    long rows,
    double bytesOfRow,
    CitySizes cities) {

  /** Copies the lists. */
  public Proposal {
    fields = List.copyOf(fields);
    joins = List.copyOf(joins);
    lacking = List.copyOf(lacking);
  }

  /** The same once the cities were counted, and with them perhaps all rows. */
  Proposal of(CitySizes counted) {
    return new Proposal(
        live,
        server,
        table,
        versionWhy,
        perhaps,
        tombstones,
        fields,
        joins,
        isJoined,
        lag,
        lagWhy,
        Stream.concat(lacking.stream(), CityRule.spellings(counted, table.city()).stream())
            .toList(),
        counted.isExact() ? counted.counted() : Math.max(rows, counted.counted()),
        bytesOfRow,
        counted);
  }

  /** How it will be polled, by these servers. */
  public SourceOptions source(SessionOptions session) {
    return new SourceOptions(
        session,
        Limits.DEFAULT,
        SourceOptions.DEFAULT_OVERLAP,
        new CheckOptions(
            CheckOptions.DEFAULT_SWEEP_EVERY,
            CheckOptions.DEFAULT_SWEEP_REACH,
            CheckOptions.DEFAULT_DIFF_EVERY,
            CheckOptions.DEFAULT_WAIT_FOR_TRANSACTIONS),
        table,
        tombstones);
  }

  /** The column of the cities. */
  public String city() {
    return table.city();
  }

  /** The fields that the index will have. */
  public List<Field> indexed() {
    return fields.stream().filter(Field.class::isInstance).map(Field.class::cast).toList();
  }

  /** The names of the fields that come from other tables. */
  public List<String> joined() {
    return isJoined ? joins.stream().flatMap(join -> join.names().stream()).toList() : List.of();
  }

  /** The columns that it will not have. */
  public List<LeftOut> leftOut() {
    return fields.stream().filter(LeftOut.class::isInstance).map(LeftOut.class::cast).toList();
  }
}
