package freshet.indexer.build;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FormatException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.store.Directory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of the working indexes: a folder for each city, and what is in it. */
final class WorkingFolder {
  private static final Logger LOG = LoggerFactory.getLogger(WorkingFolder.class);

  private final Path folder;
  private final WriterSettings settings;

  WorkingFolder(Path folder, WriterSettings settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /**
   * What lies there at the start.
   *
   * @param whole indexes that can be used
   * @param damaged cities whose index can't be
   */
  record Found(List<CityIndex> whole, Set<City> damaged) {}

  Path path() {
    return folder;
  }

  Path of(City city) {
    return folder.resolve(city.folder());
  }

  /** An index that has no commit yet. */
  CityIndex empty(City city) {
    return new CityIndex(city, of(city), settings, null);
  }

  /** Looks at every city's last commit, and removes what a hydration left half done. */
  Found scan() throws IOException {
    DurableFiles.createFolders(folder);
    Found found = new Found(new ArrayList<>(), new TreeSet<>());
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(folder)) {
      for (Path candidate : folders) {
        String name = String.valueOf(candidate.getFileName());
        if (name.startsWith(Hydration.PREFIX)) {
          DurableFiles.deleteTree(candidate);
        } else if (Files.isDirectory(candidate)) {
          scan(candidate, name, found);
        }
      }
    }
    return found;
  }

  /** Makes a city's index of a published commit, by links. There must be none. */
  CityIndex hydrate(CityManifest manifest, Path from) throws IOException {
    City city = manifest.city();
    Hydration.link(manifest, from, of(city));
    CityIndex index = existing(city);
    index.beginHistory(manifest.position());
    return index;
  }

  private CityIndex existing(City city) throws IOException {
    return new CityIndex(city, of(city), settings, read(of(city), city));
  }

  private void scan(Path candidate, String name, Found found) throws IOException {
    City city;
    try {
      city = City.ofFolder(name);
    } catch (IllegalArgumentException e) {
      LOG.warn("{} is no city's folder and is left alone", candidate);
      return;
    }
    try {
      found.whole.add(existing(city));
    } catch (IOException e) {
      if (!(e instanceof FormatException) && !CityIndex.isDamage(e)) {
        throw e;
      }
      LOG.warn("city {}: its working index is damaged: {}", city, e.toString());
      found.damaged.add(city);
    }
  }

  private @Nullable WorkingCity read(Path from, City city) throws IOException {
    try (Directory directory = settings.directories().open(from)) {
      WorkingCity last = WriterSettings.lastCommit(directory, from).orElse(null);
      if (last != null && !last.city().equals(city)) {
        throw new FormatException(
            "%s holds the index of city %s, expected %s".formatted(from, last.city(), city));
      }
      return last;
    }
  }
}
