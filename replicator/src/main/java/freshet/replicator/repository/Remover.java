package freshet.replicator.repository;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes files and counts them, or counts them alone. */
sealed interface Remover {

  /** Removes a file, if it is there. */
  void file(Path file) throws IOException;

  /** Removes a folder, if it is empty. */
  void folder(Path folder) throws IOException;

  /** How many files so far. */
  int files();

  /** Bytes of those. */
  long bytes();

  /** Removes them. */
  final class Removing implements Remover {
    private static final Logger LOG = LoggerFactory.getLogger(Removing.class);

    private int files;
    private long bytes;

    @Override
    public void file(Path file) throws IOException {
      try {
        long length = Files.size(file);
        Files.delete(file);
        files++;
        bytes += length;
      } catch (NoSuchFileException e) {
        LOG.trace("{} is gone already", file);
      }
    }

    @Override
    public void folder(Path folder) throws IOException {
      try {
        Files.deleteIfExists(folder);
      } catch (DirectoryNotEmptyException e) {
        LOG.trace("{} is still in use", folder);
      }
    }

    @Override
    public int files() {
      return files;
    }

    @Override
    public long bytes() {
      return bytes;
    }
  }

  /** Says what would go. */
  final class Counting implements Remover {
    private final Set<Path> counted = new HashSet<>();
    private long bytes;

    @Override
    public void file(Path file) throws IOException {
      if (Files.exists(file) && counted.add(file)) {
        bytes += Files.size(file);
      }
    }

    @Override
    public void folder(Path folder) {}

    @Override
    public int files() {
      return counted.size();
    }

    @Override
    public long bytes() {
      return bytes;
    }
  }
}
