package freshet.replicator.pause;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pauses of one repository or store: a file for everything, and one for each city, named as the
 * city's folder. Anybody may write them, each as a whole. One that has ended by itself stays until
 * somebody pauses or resumes the same again: to remove it meanwhile might hit one that has just
 * taken its place.
 *
 * @param layout of the repository or store
 */
public record PauseFolder(RepositoryLayout layout) {
  private static final Logger LOG = LoggerFactory.getLogger(PauseFolder.class);
  private static final String SUFFIX = ".json";
  private static final String DAMAGED = ".damaged";
  private static final String WHOLE = "whole" + SUFFIX;

  /** Begins the names of cities' files, so that no city is taken for the whole. */
  private static final String CITY = "city-";

  /**
   * All of them, those included that have ended by themselves. A file that is none is put aside.
   */
  public Pauses read() throws IOException {
    Pause whole = null;
    SortedMap<City, Pause> cities = new TreeMap<>();
    for (Path file : list()) {
      Pause pause = read(file);
      if (pause == null) {
        continue;
      }
      City city = pause.city();
      if (city == null) {
        whole = pause;
      } else {
        cities.put(city, pause);
      }
    }
    return new Pauses(whole, cities);
  }

  /** Begins a pause, or puts it in the place of the one before. It is on disk when this returns. */
  public void write(Pause pause) throws IOException {
    DurableFiles.createFolders(layout.pauses());
    DurableFiles.write(file(pause.city()), SnapshotCodec.write(pause));
  }

  /**
   * Ends a pause, durably, if there is one.
   *
   * @param city whose; null for that of everything
   */
  public void remove(@Nullable City city) throws IOException {
    DurableFiles.delete(file(city));
  }

  private static @Nullable Pause read(Path file) throws IOException {
    try {
      return SnapshotCodec.read(Files.readAllBytes(file), Pause.class, file.toString());
    } catch (NoSuchFileException e) {
      return null;
    } catch (FormatException e) {
      // Nothing may stand still for ever by a file that nobody can read.
      Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
      LOG.warn("{}; it is put aside as {}, and no pause", e.getMessage(), aside.getFileName());
      DurableFiles.rename(file, aside);
      return null;
    }
  }

  private List<Path> list() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(layout.pauses(), "*" + SUFFIX)) {
      all.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }

  private Path file(@Nullable City city) {
    return layout.pauses().resolve(city == null ? WHOLE : CITY + city.folder() + SUFFIX);
  }
}
