package freshet.indexer.benchmark.build;

import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Time;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** One run of the benchmark: a database, its tables, and every measurement that is asked for. */
final class BuildBenchmark implements AutoCloseable {
  private final Workload workload;
  private final List<String> indexer;
  private final DatabaseServer server;
  private final Path folder;
  private final Consumer<String> talk;
  private final Time time;

  private BuildBenchmark(
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
  static BuildBenchmark start(
      Workload workload, List<String> indexer, Consumer<String> talk, Time time)
      throws java.io.IOException {
    Path folder = Files.createTempDirectory("freshet-benchmark-");
    DatabaseServer server = BenchmarkDatabase.start(time);
    return new BuildBenchmark(workload, indexer, server, folder, talk, time);
  }

  /** Measures. */
  Figures run() throws Exception {
    List<String> notes = new ArrayList<>();
    notes.add(
        workload.listings() == null
            ? "documents are generated"
            : "documents are mixed from the sentences of " + workload.listings());
    Optional<String> sphinx = Sphinx.version();
    notes.add(
        sphinx
            .map(version -> "peer: " + version)
            .orElse("no peer: Sphinx's indexer is not installed; what is compared is left out"));
    notes.forEach(talk);
    Measuring measuring =
        Measuring.of(workload, new Indexer(indexer, time), sphinx.isPresent(), folder, talk, time);
    if (measuring.any(
        Measurement.REBUILD_COLD,
        Measurement.REBUILD_WARM,
        Measurement.START_UP,
        Measurement.INCREMENT_ALL,
        Measurement.INCREMENT_FEW,
        Measurement.BYTES,
        Measurement.OPERATING_POINT)) {
      smaller(measuring);
    }
    if (measuring.any(Measurement.REBUILD_LARGE, Measurement.GROWTH, Measurement.IDLE)) {
      larger(measuring);
    }
    return new Figures(
        workload.documents(), workload.cities(), workload.runs(), notes, measuring.figures());
  }

  @Override
  public void close() throws java.io.IOException {
    server.close();
    DurableFiles.deleteTree(folder);
  }

  private void smaller(Measuring measuring) throws Exception {
    CorpusTable table = fill("listings", workload.documents(), workload.cities());
    Optional<Sphinx> sphinx = measuring.sphinx(table);
    MasterFolder built = new Rebuilds(measuring, table, sphinx).run();
    new Increments(measuring, built, sphinx).run();
  }

  private void larger(Measuring measuring) throws Exception {
    CorpusTable table = fill("large", workload.largeDocuments(), workload.largeCities());
    MasterFolder built = new LargeRebuild(measuring, table, measuring.sphinx(table)).run();
    CorpusTable small = fill("hundredth", workload.hundredth(), workload.largeCities());
    new Growth(measuring, built, small).run();
  }

  private CorpusTable fill(String database, int documents, int cities) throws Exception {
    talk.accept("filling a table with %,d rows in %d cities".formatted(documents, cities));
    CorpusTable table =
        CorpusTable.fill(
            server, database, Corpus.of(workload.listings(), cities), documents, time.now());
    // Once through, so that the buffer pool is warm.
    Content.of(table);
    return table;
  }
}
