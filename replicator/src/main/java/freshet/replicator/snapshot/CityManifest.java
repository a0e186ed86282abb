package freshet.replicator.snapshot;

import freshet.replicator.files.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One commit of one city, whole: its files and what they stand for.
 *
 * @param format version of this file's format
 * @param city the city
 * @param incarnation the history that the files belong to
 * @param commit Lucene's generation of the commit, which names the segments file
 * @param segmentsFile name of the segments file, one of {@code files}
 * @param documents live documents in it
 * @param deletedDocuments documents that are deleted, but not merged away yet
 * @param schema digest of the schema that it was built by
 * @param files every file of the commit, ordered by name
 * @param recipes files beside these that hold a {@link MergeRecipe} each, by which some can be made
 *     again
 * @param position up to where the database was read for it
 */
public record CityManifest(
    int format,
    City city,
    Incarnation incarnation,
    long commit,
    String segmentsFile,
    long documents,
    long deletedDocuments,
    Digest schema,
    List<FileEntry> files,
    List<FileEntry> recipes,
    SourcePosition position) {

  /** Copies the lists and checks that they hold the segments file. */
  public CityManifest {
    files = List.copyOf(files);
    recipes = List.copyOf(recipes);
    String wanted = segmentsFile;
    if (files.stream().noneMatch(file -> file.name().equals(wanted))) {
      throw new IllegalArgumentException(
          "city manifest of %s names segments file %s, which is not among its files"
              .formatted(city, segmentsFile));
    }
  }

  /** The same with other recipes. */
  public CityManifest withRecipes(List<FileEntry> others) {
    return new CityManifest(
        format,
        city,
        incarnation,
        commit,
        segmentsFile,
        documents,
        deletedDocuments,
        schema,
        files,
        others,
        position);
  }

  /** The files, and the recipes beside them. */
  public List<FileEntry> filesAndRecipes() {
    List<FileEntry> all = new ArrayList<>(files);
    all.addAll(recipes);
    return all;
  }

  /** Bytes of all its files. */
  public long bytes() {
    return files.stream().mapToLong(FileEntry::length).sum();
  }

  /** The entry of that name. */
  public Optional<FileEntry> file(String name) {
    return files.stream().filter(file -> file.name().equals(name)).findFirst();
  }
}
