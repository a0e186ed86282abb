package freshet.replicator.pause;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The small files of one folder, each a value that is read and written as a whole.
 *
 * @param folder that they are in; made with the first of them
 * @param type of the values
 * @param otherwise what a file counts as that can't be read, such as {@code no pause}
 */
record RecordFiles<T extends Record>(Path folder, Class<T> type, String otherwise) {
  private static final Logger LOG = LoggerFactory.getLogger(RecordFiles.class);
  private static final String SUFFIX = ".json";
  private static final String DAMAGED = ".damaged";

  /** Begins the names of cities' files, so that no city is taken for something else. */
  private static final String CITY = "city-";

  /** The name of a city's file. */
  static String nameOf(City city) {
    return CITY + city.folder();
  }

  /** All of them. A file that is none is put aside. */
  List<T> read() throws IOException {
    List<T> values = new ArrayList<>();
    for (Path file : list()) {
      T value = read(file);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** On disk when this returns. */
  void write(String name, T value) throws IOException {
    DurableFiles.createFolders(folder);
    DurableFiles.write(file(name), SnapshotCodec.write(value));
  }

  /** Removes one durably, if it is there. */
  void remove(String name) throws IOException {
    DurableFiles.delete(file(name));
  }

  private @Nullable T read(Path file) throws IOException {
    try {
      return SnapshotCodec.read(Files.readAllBytes(file), type, file.toString());
    } catch (NoSuchFileException e) {
      return null;
    } catch (FormatException e) {
      Path aside = file.resolveSibling(file.getFileName() + DAMAGED);
      LOG.warn("{}; it is put aside as {}, and {}", e.getMessage(), aside.getFileName(), otherwise);
      DurableFiles.rename(file, aside);
      return null;
    }
  }

  private List<Path> list() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      all.forEach(files::add);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return files;
  }

  private Path file(String name) {
    return folder.resolve(name + SUFFIX);
  }
}
