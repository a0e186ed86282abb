package freshet.indexer.benchmark.build;

import freshet.replicator.runtime.Time;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What all measurements of a run share.
 *
 * @param workload what to measure
 * @param indexer the command
 * @param hasSphinx whether there is a peer
 * @param folder for everything that is made
 * @param figures that were found so far
 * @param talk takes lines for people
 */
record Measuring(
    Workload workload,
    Indexer indexer,
    boolean hasSphinx,
    Path folder,
    List<Figure> figures,
    Consumer<String> talk,
    Time time) {

  static Measuring of(
      Workload workload,
      Indexer indexer,
      boolean hasSphinx,
      Path folder,
      Consumer<String> talk,
      Time time) {
    return new Measuring(workload, indexer, hasSphinx, folder, new ArrayList<>(), talk, time);
  }

  boolean any(Measurement... measurements) {
    for (Measurement one : measurements) {
      if (workload.measures(one)) {
        return true;
      }
    }
    return false;
  }

  void found(Figure figure) {
    figures.add(figure);
    talk.accept(figure.text());
  }

  void say(String line) {
    talk.accept(line);
  }

  /** The peer on a table, where it is installed. */
  Optional<Sphinx> sphinx(CorpusTable table) throws Exception {
    return hasSphinx
        ? Optional.of(Sphinx.create(folder.resolve("sphinx-" + table.database()), table, time))
        : Optional.empty();
  }

  MasterFolder master(String name, CorpusTable table, Fields fields) throws Exception {
    return MasterFolder.create(folder.resolve(name), table, fields);
  }
}
