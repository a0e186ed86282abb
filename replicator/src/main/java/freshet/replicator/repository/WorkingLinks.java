package freshet.replicator.repository;

import freshet.replicator.files.DurableFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a master's working indexes that are the same as one in its repository: links of one
 * inode, so that what is wrong with the one is wrong with the other.
 */
public final class WorkingLinks {
  /** Of a working folder: its cities, a city, perhaps a folder more, the file. */
  private static final int DEPTH = 5;

  private WorkingLinks() {}

  /** Notes, durably, where the master of a repository works. */
  public static void note(LocalRepository repository, Path working) throws IOException {
    byte[] bytes = working.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
    Path file = repository.layout().working();
    if (!Files.exists(file)
        || !Files.readString(file).equals(working.toAbsolutePath().toString())) {
      DurableFiles.write(file, bytes);
    }
  }

  /** Those of a file of the repository; none where no master works on this host. */
  public static List<Path> of(LocalRepository repository, Path file) throws IOException {
    Path working;
    try {
      working = Path.of(Files.readString(repository.layout().working()));
    } catch (NoSuchFileException e) {
      return List.of();
    }
    if (!Files.isDirectory(working) || !Files.exists(file)) {
      return List.of();
    }
    String name = String.valueOf(file.getFileName());
    Path root = repository.layout().root().toAbsolutePath();
    try (Stream<Path> same =
        Files.find(
            working,
            DEPTH,
            (path, attributes) ->
                attributes.isRegularFile()
                    && !path.startsWith(root)
                    && String.valueOf(path.getFileName()).equals(name)
                    && isSame(path, file))) {
      return same.toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Links these to the file anew, each atomically: whoever has the old one open keeps it. */
  public static void relink(List<Path> links, Path file) throws IOException {
    for (Path link : links) {
      Path temporary = DurableFiles.temporaryFor(link);
      Files.createLink(temporary, file);
      DurableFiles.rename(temporary, link);
    }
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (NoSuchFileException e) {
      // Merged away meanwhile.
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
