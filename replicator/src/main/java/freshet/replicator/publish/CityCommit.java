package freshet.replicator.publish;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.SourcePosition;
import java.nio.file.Path;
import java.util.List;

/**
 * A commit of a city's working index, to be published. Whoever made it keeps its files from being
 * deleted until it has been published.
 *
 * @param city the city
 * @param incarnation the history that the working index says it continues
 * @param commit Lucene's generation of the commit
 * @param segmentsFile name of its segments file, one of {@code files}
 * @param folder of the working index, on the repository's file system
 * @param files names of all its files; Lucene has synced them
 * @param documents live documents
 * @param deletedDocuments documents that are deleted, but not merged away yet
 * @param position up to where the database was read for it
 * @param recipes of the latest merges, in their order, with no files of their sources yet
 */
public record CityCommit(
    City city,
    Incarnation incarnation,
    long commit,
    String segmentsFile,
    Path folder,
    List<String> files,
    long documents,
    long deletedDocuments,
    SourcePosition position,
    List<MergeRecipe> recipes) {

  /** Without recipes. */
  public CityCommit(
      City city,
      Incarnation incarnation,
      long commit,
      String segmentsFile,
      Path folder,
      List<String> files,
      long documents,
      long deletedDocuments,
      SourcePosition position) {
    this(
        city,
        incarnation,
        commit,
        segmentsFile,
        folder,
        files,
        documents,
        deletedDocuments,
        position,
        List.of());
  }

  /** Copies the lists; the segments file is among the files. */
  public CityCommit {
    files = List.copyOf(files);
    recipes = List.copyOf(recipes);
    if (!files.contains(segmentsFile)) {
      throw new IllegalArgumentException(
          "commit %d of city %s: segments file %s is not among its files %s"
              .formatted(commit, city, segmentsFile, files));
    }
  }
}
