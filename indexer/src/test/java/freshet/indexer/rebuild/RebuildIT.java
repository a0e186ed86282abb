package freshet.indexer.rebuild;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.indexer.build.BuildException;
import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.bulk.BulkLoad;
import freshet.indexer.bulk.BulkOptions;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.scan.KeyRange;
import freshet.indexer.scan.ScanLimits;
import freshet.indexer.scan.ScanOptions;
import freshet.indexer.scan.SqlTableScan;
import freshet.indexer.scan.TableScan;
import freshet.indexer.scan.WaitReason;
import freshet.indexer.session.ConnectGate;
import freshet.indexer.session.Sessions;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.ChangeBatch;
import freshet.indexer.source.ChangeSource;
import freshet.indexer.source.FileSourceMemory;
import freshet.indexer.source.Limits;
import freshet.indexer.source.Listings;
import freshet.indexer.source.OverlapWindow;
import freshet.indexer.source.SourceOptions;
import freshet.indexer.source.StoredDocuments;
import freshet.indexer.table.UnlistedRows;
import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Rebuilds of a real table that is written to all the time. */
@Timeout(120)
class RebuildIT {
  private static final int ROWS = 9_000;
  private static final int CITIES = 5;
  private static final Digest SCHEMA = Digest.of(SnapshotCodec.write(Listings.SCHEMA));

  @RegisterExtension final DatabaseFixture database = new DatabaseFixture();

  @TempDir Path work;

  private final List<String> said = new ArrayList<>();
  private final AtomicInteger rowsRead = new AtomicInteger();
  private final AtomicInteger pages = new AtomicInteger();
  private final Random random = new Random(7);
  private Listings listings;
  private Connection writer;
  private RebuildFolder folder;
  private int nextId = ROWS;
  private int mostPolls = Integer.MAX_VALUE;

  /** What happens after a page was read, by the number of the page. */
  private PageEvent onPage = page -> {};

  private interface PageEvent {
    void after(int page) throws IOException, SQLException;
  }

  @BeforeEach
  void start() throws Exception {
    listings = Listings.create(database, 6);
    writer = database.source();
    folder = RebuildFolder.in(work);
    for (int from = 0; from < ROWS; from += 1_000) {
      StringBuilder values = new StringBuilder();
      for (int id = from; id < from + 1_000; id++) {
        values
            .append(values.isEmpty() ? "" : ",")
            .append("(%d, 'c%d', 'old %d', '2026-01-01 00:00:00')".formatted(id, id % CITIES, id));
      }
      Listings.execute(
          writer, "INSERT INTO listing (id, city, title, updated_at) VALUES " + values);
    }
    Listings.execute(writer, "ANALYZE TABLE listing");
  }

  @AfterEach
  void end() throws SQLException {
    writer.close();
  }

  @Test
  void theNewIndexesAreTheTableWhileItIsWrittenTo() throws Exception {
    onPage = page -> change();

    RebuildState ready = rebuild(null);

    assertThat(ready.phase()).isEqualTo(Phase.READY);
    assertThat(ready.ranges()).hasSizeGreaterThan(1);
    assertThat(IndexFolders.documents(folder.cities())).isEqualTo(table(null));
    assertThat(ready.built().keySet()).isEqualTo(cities("c0", "c1", "c2", "c3", "c4", "new"));
    assertThat(folder.progress()).isPresent();

    change();
    assertThat(engine(null, SCHEMA, "definition").catchUp().phase()).isEqualTo(Phase.READY);
    assertThat(IndexFolders.documents(folder.cities())).isEqualTo(table(null));
  }

  @Test
  void ofSomeCitiesOnlyTheirDocumentsAreBuilt() throws Exception {
    SortedSet<City> some = cities("c1", "c3");
    onPage = page -> change();

    RebuildState ready = rebuild(some);

    assertThat(ready.built().keySet()).isEqualTo(some);
    assertThat(IndexFolders.documents(folder.cities())).isEqualTo(table(some));

    Listings.execute(
        writer,
        "UPDATE listing SET city = 'c1', updated_at = UTC_TIMESTAMP(6) WHERE city = 'c2' LIMIT 50",
        "UPDATE listing SET city = 'c4', updated_at = UTC_TIMESTAMP(6) WHERE city = 'c3' LIMIT 50");
    assertThat(engine(some, SCHEMA, "definition").catchUp().phase()).isEqualTo(Phase.READY);
    assertThat(IndexFolders.documents(folder.cities())).isEqualTo(table(some));
  }

  @Test
  void aLoadLeavesTheRoutingTableOfItsIndexes() throws Exception {
    Rebuild rebuild = engine(null, SCHEMA, "definition");
    assertThat(rebuild.load().phase()).isEqualTo(Phase.CATCHING_UP);
    assertThat(rebuild.handOver().phase()).isEqualTo(Phase.READY);

    try (CityIndexes cities = new Parts(true).cities();
        RoutingTable routes = RoutingTable.open(folder.routing())) {
      assertThat(routes.contents()).hasValue(cities.contents());
      assertThat(routes.size()).isEqualTo(ROWS);
      DocumentKey key = Listings.SCHEMA.keyCodec().encode(List.of(7L));
      assertThat(routes.citiesOf(List.of(key)).get(key)).isEqualTo(cities("c2"));
    }
  }

  @Test
  void aLoadThatWasInterruptedLeavesNoneThatCouldBeTakenForIt() throws Exception {
    onPage =
        page -> {
          if (page >= 20) {
            throw new IOException("the disk is full");
          }
        };
    assertThatThrownBy(() -> rebuild(null)).hasMessageContaining("the disk is full");
    onPage = page -> {};
    Rebuild rebuild = engine(null, SCHEMA, "definition");
    RebuildState unused = rebuild.load();
    assertThat(rebuild.handOver().phase()).isEqualTo(Phase.READY);

    try (RoutingTable routes = RoutingTable.open(folder.routing())) {
      assertThat(routes.contents()).isEmpty();
    }
  }

  @Test
  void whateverPageItEndsAtItGoesOn() throws Exception {
    for (int lastPage = 5; lastPage <= 35; lastPage += 10) {
      int end = pages.get() + lastPage;
      onPage =
          page -> {
            change();
            if (page >= end) {
              throw new IOException("the disk is full");
            }
          };
      assertThatThrownBy(() -> rebuild(null)).hasMessageContaining("the disk is full");
      assertThat(folder.read().map(RebuildState::phase)).hasValue(Phase.READING);
    }
    onPage = page -> {};

    assertThat(rebuild(null).phase()).isEqualTo(Phase.READY);

    assertThat(rowsRead.get()).as("no row is read twice").isLessThan(ROWS + 500);
    assertThat(said).anyMatch(line -> line.startsWith("all cities: goes on with the rebuild of"));
    assertThat(IndexFolders.documents(folder.cities())).isEqualTo(table(null));
  }

  @Test
  void endedBetweenTheCommitAndItsNoteItReadsNothingAgain() throws Exception {
    RebuildState loaded = engine(null, SCHEMA, "definition").load();
    folder.write(with(loaded, Phase.READING));
    rowsRead.set(0);

    assertThat(rebuild(null).phase()).isEqualTo(Phase.READY);

    assertThat(rowsRead.get()).isZero();
    assertThat(IndexFolders.documents(folder.cities())).isEqualTo(table(null));
  }

  @Test
  void endedWhileItCatchesUpItGoesOnFromThere() throws Exception {
    onPage = page -> change();
    RebuildState loaded = engine(null, SCHEMA, "definition").load();
    Listings.execute(
        writer, "UPDATE listing SET title = 'late', updated_at = UTC_TIMESTAMP(6) WHERE id < 3000");
    mostPolls = 2;
    assertThatThrownBy(() -> engine(null, SCHEMA, "definition").catchUp())
        .hasMessageContaining("the server is gone");
    RebuildState left = folder.read().orElseThrow();
    assertThat(left.phase()).isEqualTo(Phase.CATCHING_UP);
    assertThat(left.begin()).isNotEqualTo(loaded.begin());
    assertThat(left.built()).isEmpty();

    mostPolls = Integer.MAX_VALUE;
    assertThat(rebuild(null).phase()).isEqualTo(Phase.READY);
    assertThat(IndexFolders.documents(folder.cities())).isEqualTo(table(null));
  }

  @Test
  void changedFieldsBeginAnewAndSayWhy() throws Exception {
    Rebuild first = engine(null, Digest.ofText("another schema"), "definition");
    assertThat(first.load().phase()).isEqualTo(Phase.CATCHING_UP);

    assertThat(rebuild(null).schema()).isEqualTo(SCHEMA);

    assertThat(said).anyMatch(line -> line.contains("thrown away: the fields have changed"));
    assertThat(IndexFolders.documents(folder.cities())).isEqualTo(table(null));
  }

  @Test
  void whatTheMasterTakesIsLeftAlone() throws Exception {
    RebuildState ready = rebuild(null);
    RebuildState switching = with(ready, Phase.SWITCHING);
    assertThat(folder.advance(Phase.READY, switching)).isTrue();

    assertThat(folder.advance(Phase.READY, ready)).as("somebody else was faster").isFalse();
    Rebuild again = engine(null, SCHEMA, "definition");
    assertThat(again.load()).isEqualTo(switching);
    assertThat(again.catchUp()).isEqualTo(switching);
  }

  @Test
  void anotherTaskDoesNotThrowItAway() throws Exception {
    assertThat(engine(null, SCHEMA, "definition").load().phase()).isEqualTo(Phase.CATCHING_UP);
    assertThatThrownBy(() -> engine(cities("c1"), SCHEMA, "definition").load())
        .isInstanceOf(Rebuild.Refused.class)
        .hasMessageContaining("a rebuild of all cities is under way");
  }

  @Test
  void aFirstLoadIsHandedOverAsItWasRead() throws Exception {
    Rebuild first = engine(null, SCHEMA, "definition");
    RebuildState loaded = first.load();
    RebuildState ready = first.handOver();
    assertThat(ready.phase()).isEqualTo(Phase.READY);
    assertThat(ready.position()).isEqualTo(loaded.begin());
    assertThat(ready.built()).hasSize(CITIES);
  }

  private RebuildState rebuild(@Nullable SortedSet<City> cities) throws Exception {
    Rebuild rebuild = engine(cities, SCHEMA, "definition");
    RebuildState unused = rebuild.load();
    return rebuild.catchUp();
  }

  private Rebuild engine(@Nullable SortedSet<City> cities, Digest schema, String definition) {
    return new Rebuild(
        folder,
        new RebuildTask(cities, schema, definition),
        new Parts(cities == null),
        new RebuildMonitor() {
          @Override
          public RebuildLimits limits() {
            return new RebuildLimits(3, ScanLimits.NONE);
          }

          @Override
          public void says(String line) {
            said.add(line);
          }

          @Override
          public void progressed(RebuildProgress progress) {}
        },
        listings.time);
  }

  private SourceOptions options() {
    SourceOptions base = listings.options(List.of(Listings.endpoint(database.pair().source())));
    return new SourceOptions(
        base.session(),
        new Limits(100, 1_000, 8 << 20),
        base.overlap(),
        base.checks(),
        base.table(),
        base.tombstones());
  }

  private final class Parts implements RebuildStages {
    private final boolean isWhole;

    Parts(boolean isWhole) {
      this.isWhole = isWhole;
    }

    @Override
    public TableScan scan() {
      ConnectGate gate = new ConnectGate(options().session());
      return new WatchedScan(
          new SqlTableScan(
              new ScanOptions(options(), Listings.SCHEMA, Duration.ofSeconds(30)),
              () ->
                  new Sessions(
                      options().session(),
                      gate,
                      listings.time,
                      new Random(1),
                      listings.stop,
                      listings.listener),
              listings.time,
              listings.stop,
              listings.quarantine));
    }

    @Override
    public BulkLoad load() throws IOException {
      return BulkLoad.open(
          folder.cities(),
          new BulkOptions(BuildOptions.of(2), 64, 10, 64),
          Listings.SCHEMA,
          random,
          rejected -> assertThat(rejected).isNull());
    }

    @Override
    public ChangeSource source(SourcePosition begin) throws IOException {
      FileSourceMemory memory = new FileSourceMemory(folder.sourceMemory());
      memory.keep(options().rememberedAt(begin, isWhole));
      listings.memory = memory;
      return new BrokenSource(listings.source(options().toCatchUp(), Listings.SCHEMA), mostPolls);
    }

    @Override
    public CityIndexes cities() throws BuildException {
      return CityIndexes.open(
          folder.cities(), BuildOptions.of(2), Listings.SCHEMA, random, listings.time);
    }
  }

  /** Ends after some polls. */
  private static final class BrokenSource implements ChangeSource {
    private final ChangeSource source;
    private int left;

    BrokenSource(ChangeSource source, int polls) {
      this.source = source;
      this.left = polls;
    }

    @Override
    public ChangeBatch poll(SourcePosition from, OverlapWindow window, StoredDocuments stored)
        throws SourceException {
      if (left-- == 0) {
        throw new SourceException.Unreachable("the server is gone", null);
      }
      return source.poll(from, window, stored);
    }

    @Override
    public void close() {
      source.close();
    }
  }

  /** Lets things happen between pages. */
  private final class WatchedScan implements TableScan {
    private final TableScan scan;

    WatchedScan(TableScan scan) {
      this.scan = scan;
    }

    @Override
    public void read(KeyRange range, RowSink sink) throws SourceException, IOException {
      scan.read(
          range,
          (rows, last) -> {
            rowsRead.addAndGet(rows.size());
            sink.page(rows, last);
            happen();
          });
    }

    @Override
    public SourcePosition begin() throws SourceException {
      return scan.begin();
    }

    @Override
    public void resume(SourcePosition begun) {
      scan.resume(begun);
    }

    @Override
    public long estimatedRows() throws SourceException {
      return scan.estimatedRows();
    }

    @Override
    public List<KeyRange> split(int parts) throws SourceException {
      return scan.split(parts);
    }

    @Override
    public void limits(ScanLimits limits) {
      scan.limits(limits);
    }

    @Override
    public Optional<String> waitsFor() {
      return scan.waitsFor();
    }

    @Override
    public Map<WaitReason, Duration> waited() {
      return scan.waited();
    }

    @Override
    public UnlistedRows unlisted() {
      return scan.unlisted();
    }

    @Override
    public void close() {
      scan.close();
    }
  }

  private void happen() throws IOException {
    synchronized (random) {
      try {
        onPage.after(pages.incrementAndGet());
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  }

  /** An insert, an update, a deletion and a move, somewhere. */
  private void change() throws SQLException {
    long updated = random.nextInt(ROWS);
    long moved = random.nextInt(ROWS);
    long deleted = random.nextInt(ROWS);
    nextId++;
    Listings.execute(
        writer,
        "INSERT INTO listing (id, city, title, updated_at) VALUES (%d, '%s', 'new', UTC_TIMESTAMP(6))"
            .formatted(nextId, random.nextInt(3) == 0 ? "new" : "c" + random.nextInt(CITIES)),
        "UPDATE listing SET title = 'edited %d', updated_at = UTC_TIMESTAMP(6) WHERE id = %d"
            .formatted(nextId, updated),
        "UPDATE listing SET city = 'c%d', updated_at = UTC_TIMESTAMP(6) WHERE id = %d"
            .formatted(random.nextInt(CITIES), moved),
        "DELETE FROM listing WHERE id = " + deleted,
        "INSERT IGNORE INTO listing_deleted VALUES (%d, UTC_TIMESTAMP(6))".formatted(deleted));
  }

  private SortedMap<Long, String> table(@Nullable SortedSet<City> cities) throws SQLException {
    SortedMap<Long, String> rows = new TreeMap<>();
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("SELECT id, city, title FROM listing")) {
      while (row.next()) {
        if (cities == null || cities.contains(new City(row.getString(2)))) {
          rows.put(row.getLong(1), row.getString(2) + ": " + row.getString(3));
        }
      }
    }
    return rows;
  }

  private static RebuildState with(RebuildState state, Phase phase) {
    return new RebuildState(
        phase,
        state.started(),
        state.schema(),
        state.cities(),
        state.begin(),
        state.ranges(),
        state.estimatedRows(),
        state.position(),
        state.built());
  }

  private static SortedSet<City> cities(String... names) {
    return Stream.of(names).map(City::new).collect(Collectors.toCollection(TreeSet::new));
  }
}
