package freshet.indexer.build;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FileEntry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.store.Directory;

/**
 * A folder of working indexes as files, while nobody has it open. Each change is durable when it
 * returns, and may be repeated after a crash.
 *
 * @param path with a folder for each city
 */
public record CityFolders(Path path) {

  /** The cities that have a folder, whatever is in it; none if there is no such folder. */
  public SortedSet<City> cities() throws IOException {
    SortedSet<City> cities = new TreeSet<>();
    if (!Files.isDirectory(path)) {
      return cities;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(path, Files::isDirectory)) {
      for (Path folder : folders) {
        String name = String.valueOf(folder.getFileName());
        if (!name.startsWith(Hydration.PREFIX)) {
          cities.add(City.ofFolder(name));
        }
      }
    } catch (IllegalArgumentException e) {
      throw new IOException("%s holds a folder of no city: %s".formatted(path, e.getMessage()), e);
    }
    return cities;
  }

  /** The last commit of a city; empty if there is none. */
  public Optional<WorkingCity> last(City city) throws IOException {
    Path folder = of(city);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Directory directory = IndexDirectories.FILES.open(folder)) {
      return WriterSettings.lastCommit(directory, folder);
    }
  }

  /**
   * The files of the segments of a city's last commit, ordered by name; none if there is no commit.
   *
   * @param known files of an earlier commit of the same history, by name: they are not digested
   *     again
   */
  public List<FileEntry> segmentFiles(City city, Map<String, FileEntry> known) throws IOException {
    Path folder = of(city);
    try (Directory directory = IndexDirectories.FILES.open(folder)) {
      List<FileEntry> files = new ArrayList<>();
      for (String name : new TreeSet<>(WriterSettings.segmentFiles(directory))) {
        FileEntry before = known.get(name);
        files.add(before == null ? digested(folder.resolve(name)) : before);
      }
      return files;
    }
  }

  private static FileEntry digested(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    return new FileEntry(
        name, Files.size(file), Digest.ofFile(file), IndexFileNames.parseSegmentName(name));
  }

  /**
   * Puts the indexes of cities from here in the place of other ones, which are removed. A city that
   * is there already, so that it is here no more, is left as it is. All of them are durable when it
   * returns; after a crash, some may be there.
   */
  public void move(Collection<City> moved, CityFolders to) throws IOException {
    DurableFiles.createFolders(to.path);
    for (City city : moved) {
      if (Files.isDirectory(of(city))) {
        DurableFiles.deleteTree(to.of(city));
        Files.move(of(city), to.of(city), StandardCopyOption.ATOMIC_MOVE);
      }
    }
    // Also if there was nothing to move: a crash may have been faster than the disk.
    DurableFiles.syncFolder(to.path);
    if (Files.isDirectory(path)) {
      DurableFiles.syncFolder(path);
    }
  }

  /** Removes a city's index. */
  public void remove(City city) throws IOException {
    DurableFiles.deleteTree(of(city));
  }

  private Path of(City city) {
    return path.resolve(city.folder());
  }
}
