package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.BenchmarkDatabase;
import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Figure.Target;
import freshet.indexer.benchmark.build.Figures;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.benchmark.build.Sphinx;
import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One run of the benchmark: a database, its tables, and every row that is asked for. */
final class ReplicateBenchmark implements AutoCloseable {
  private static final int GUARD_CITIES = 12;

  private final Workload workload;
  private final List<String> indexer;
  private final DatabaseServer server;
  private final Path folder;
  private final Consumer<String> talk;
  private final Time time;

  private ReplicateBenchmark(
      Workload workload,
      List<String> indexer,
      DatabaseServer server,
      Path folder,
      Consumer<String> talk,
      Time time) {
    this.workload = workload;
    this.indexer = List.copyOf(indexer);
    this.server = server;
    this.folder = folder;
    this.talk = talk;
    this.time = time;
  }

  /**
   * Starts the database.
   *
   * @param indexer the command line of {@code bin/indexer}
   * @param talk takes lines for people
   */
  static ReplicateBenchmark start(
      Workload workload, List<String> indexer, Consumer<String> talk, Time time)
      throws IOException {
    Path folder = Files.createTempDirectory("freshet-benchmark-");
    return new ReplicateBenchmark(
        workload, indexer, BenchmarkDatabase.start(time), folder, talk, time);
  }

  /** Measures. */
  Figures run() throws Exception {
    List<String> notes = new ArrayList<>();
    notes.add(
        workload.listings() == null
            ? "documents are generated"
            : "documents are mixed from the sentences of " + workload.listings());
    Optional<String> sphinx = Sphinx.version();
    Rows.Peers peers = new Rows.Peers(Mirror.isInstalled(), sphinx.isPresent());
    notes.add(peers.hasRsync() ? "peer: rsync" : "no peer: rsync is not installed; it is left out");
    notes.add(
        sphinx
            .map(version -> "peer: " + version)
            .orElse("no peer: Sphinx's indexer is not installed; it is left out"));
    notes.forEach(talk);
    Rows rows = new Rows(workload, indexer, server, peers, folder, talk, time);
    if (workload.measures(Row.WIRE_CITY)) {
      CorpusTable one = rows.fill("one_city", workload.cityDocuments(), 1);
      new WireBytes(
              rows,
              Row.WIRE_CITY,
              one,
              workload.cityChanges(),
              Target.atMost(1.0),
              Target.atMost(2.5))
          .run();
    }
    if (workload.measures(Row.WIRE_CITIES)) {
      CorpusTable many = rows.fill("many_cities", workload.documents(), workload.cities());
      new WireBytes(
              rows, Row.WIRE_CITIES, many, workload.changesPerCity(), Target.atMost(2.5), null)
          .run();
    }
    if (workload.measures(Row.WIRE_SECONDS)) {
      CorpusTable steady = rows.fill("steady", workload.documents(), workload.cities());
      new WireSeconds(rows, rows.master(steady, server.port(), Settings.WIRE)).run();
    }
    pulls(rows);
    if (workload.measures(Row.DATABASE_GUARD)) {
      CorpusTable guarded = rows.fill("guarded", workload.cityDocuments(), GUARD_CITIES);
      build(rows.master(guarded, server.port(), Settings.DAEMON));
      DatabaseGuard.tell(rows, guarded);
    }
    return new Figures(
        workload.documents(), workload.cities(), workload.runs(), notes, rows.figures());
  }

  @Override
  public void close() throws IOException {
    server.close();
    DurableFiles.deleteTree(folder);
  }

  private void pulls(Rows rows) throws Exception {
    boolean pulls = workload.measures(Row.INCREMENT) || workload.measures(Row.NOTHING_NEW);
    boolean serves = workload.measures(Row.FIRST_SYNC) || workload.measures(Row.COMMIT_TO_SLAVE);
    if (!pulls && !serves) {
      return;
    }
    CorpusTable table = rows.fill("listings", workload.documents(), workload.cities());
    MasterFolder master = rows.master(table, server.port(), Settings.DAEMON);
    if (pulls) {
      new Increments(rows, master).run();
    } else {
      build(master);
    }
    if (serves) {
      try (MasterProcess daemon = MasterProcess.start(indexer, master, time)) {
        if (workload.measures(Row.FIRST_SYNC)) {
          new FirstSync(rows, master, daemon).run();
        }
        if (workload.measures(Row.COMMIT_TO_SLAVE)) {
          new CommitToSlave(rows, master, daemon).run();
        }
      }
    }
  }

  private void build(MasterFolder folder) throws Exception {
    try (ServedMaster master = ServedMaster.start(folder, time)) {
      master.untilIdle(() -> {});
    }
  }
}
