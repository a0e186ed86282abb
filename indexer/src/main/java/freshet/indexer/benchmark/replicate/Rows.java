package freshet.indexer.benchmark.replicate;

import freshet.indexer.benchmark.build.Corpus;
import freshet.indexer.benchmark.build.CorpusTable;
import freshet.indexer.benchmark.build.Fields;
import freshet.indexer.benchmark.build.Figure;
import freshet.indexer.benchmark.build.MasterFolder;
import freshet.indexer.benchmark.build.Sphinx;
import freshet.indexer.embedded.DatabaseServer;
import freshet.replicator.runtime.Time;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What all rows of a run share.
 *
 * @param workload what to measure
 * @param indexer the command line of {@code bin/indexer}
 * @param server the database
 * @param peers whether rsync and Sphinx are installed
 * @param folder for everything that is made
 * @param figures that were found so far
 * @param talk takes lines for people
 */
record Rows(
    Workload workload,
    List<String> indexer,
    DatabaseServer server,
    Peers peers,
    Path folder,
    List<Figure> figures,
    Consumer<String> talk,
    Time time) {

  /** Which peers there are. */
  record Peers(boolean hasRsync, boolean hasSphinx) {}

  Rows(
      Workload workload,
      List<String> indexer,
      DatabaseServer server,
      Peers peers,
      Path folder,
      Consumer<String> talk,
      Time time) {
    this(workload, List.copyOf(indexer), server, peers, folder, new ArrayList<>(), talk, time);
  }

  /** Says it at once, since the whole takes long. */
  void found(Figure figure) {
    figures.add(figure);
    talk.accept(figure.text());
  }

  CorpusTable fill(String database, int documents, int cities) throws Exception {
    talk.accept("filling a table with %,d rows in %d cities".formatted(documents, cities));
    return CorpusTable.fill(
        server, database, Corpus.of(workload.listings(), cities), documents, time.now());
  }

  /** A master of its own, with all values stored. */
  MasterFolder master(CorpusTable table, int databasePort, String sections) throws Exception {
    return MasterFolder.create(
        folder.resolve(table.database()), table, Fields.STORED, databasePort, sections);
  }

  /** A copy by rsync, empty at first; none where it is not installed. */
  Optional<Mirror> mirror(String name, String... options) {
    return peers.hasRsync()
        ? Optional.of(new Mirror(folder.resolve(name), List.of(options), time))
        : Optional.empty();
  }

  /** The pipeline of old, with its own copy; none where it is not installed. */
  Optional<ShippedSphinx> sphinx(CorpusTable table) throws Exception {
    if (!peers.hasSphinx() || !peers.hasRsync()) {
      return Optional.empty();
    }
    Sphinx sphinx = Sphinx.create(folder.resolve("sphinx-" + table.database()), table, time);
    Mirror mirror =
        new Mirror(
            folder.resolve("sphinx-copy-" + table.database()),
            List.of("--no-whole-file", "--include=main_*", "--exclude=*"),
            time);
    return Optional.of(new ShippedSphinx(sphinx, mirror));
  }
}
