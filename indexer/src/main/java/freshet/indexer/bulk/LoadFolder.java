package freshet.indexer.bulk;

import freshet.indexer.build.IndexDirectories;
import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;

/**
 * What a load has on disk: a folder for each city, and beside them its state and the spool. No
 * city's folder name has a dot.
 *
 * @param path of the folder
 */
record LoadFolder(Path path) {
  private static final String STATE = "load.json";
  private static final String SPOOL = "load.spool-";
  private static final String PAGES = "freshet.pages";

  Path of(City city) {
    return path.resolve(city.folder());
  }

  /** The file of the pages from this one on. */
  Path spool(long firstPage) {
    return path.resolve(SPOOL + firstPage);
  }

  /** Removes all pages but those of this file. */
  void deleteSpoolsExcept(long firstPage) throws IOException {
    try (DirectoryStream<Path> spools = Files.newDirectoryStream(path, SPOOL + "*")) {
      for (Path one : spools) {
        if (!one.equals(spool(firstPage))) {
          Files.delete(one);
        }
      }
    }
  }

  /** The state of a load by this schema; empty if there is none. */
  Optional<LoadState> read(Digest schema) throws IOException {
    Path file = path.resolve(STATE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    LoadState state =
        SnapshotCodec.read(Files.readAllBytes(file), LoadState.class, file.toString());
    return Optional.of(state).filter(one -> one.schema().equals(schema));
  }

  void write(LoadState state) throws IOException {
    DurableFiles.write(path.resolve(STATE), SnapshotCodec.write(state));
  }

  /** Removes everything. */
  void clear() throws IOException {
    // The state first: without it the rest counts for nothing.
    DurableFiles.delete(path.resolve(STATE));
    DurableFiles.deleteTree(path);
    DurableFiles.createFolders(path);
  }

  /** The cities that have a folder. */
  List<City> cities() throws IOException {
    List<City> cities = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path, Files::isDirectory)) {
      for (Path one : all) {
        cities.add(City.ofFolder(String.valueOf(one.getFileName())));
      }
    }
    return cities;
  }

  /** What a commit says that holds all pages before this one. */
  static Map<String, String> userData(long page) {
    return Map.of(PAGES, Long.toString(page));
  }

  /**
   * The number of the first page that is not in a city's last commit; without one it is missing.
   */
  Map<City, Long> committed(IndexDirectories directories) throws IOException {
    Map<City, Long> committed = new HashMap<>();
    for (City city : cities()) {
      try (Directory directory = directories.open(of(city))) {
        if (DirectoryReader.indexExists(directory)) {
          String page = SegmentInfos.readLatestCommit(directory).getUserData().get(PAGES);
          if (page == null) {
            throw new FormatException("the index in " + of(city) + " is not of a load");
          }
          committed.put(city, Long.valueOf(page));
        }
      }
    }
    return committed;
  }
}
