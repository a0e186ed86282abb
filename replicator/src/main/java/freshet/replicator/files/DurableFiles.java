package freshet.replicator.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Durable writes. Each method has taken effect on disk when it returns, or has changed nothing
 * under a final name when it throws. There is no silent fallback: a file system that can't rename
 * atomically is an error.
 */
public final class DurableFiles {
  /** What a half-written file's name ends with; {@link #removeTemporary} removes such files. */
  public static final String TEMPORARY_SUFFIX = ".tmp";

  private DurableFiles() {}

  /** Replaces a file's content atomically: readers see the old bytes or the new ones. */
  public static void write(Path target, byte[] bytes) throws IOException {
    Path temporary = temporaryFor(target);
    try {
      writeNew(temporary, bytes);
      rename(temporary, target);
    } catch (IOException | RuntimeException e) {
      deleteQuietly(temporary, e);
      throw e;
    }
  }

  /**
   * Creates a file with its whole content, unless the name is taken: of several who try at once,
   * one succeeds.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken; nothing has changed then
   */
  public static void create(Path target, byte[] bytes) throws IOException {
    Path temporary = temporaryFor(target);
    try {
      writeNew(temporary, bytes);
      install(temporary, target);
    } catch (IOException | RuntimeException e) {
      deleteQuietly(temporary, e);
      throw e;
    }
  }

  /**
   * Gives a file, whose content is synced already, its final name in the same folder, unless that
   * is taken.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken; nothing has changed then
   */
  public static void install(Path temporary, Path target) throws IOException {
    // A rename would replace what another process created meanwhile; a link refuses.
    Files.createLink(target, temporary);
    Files.deleteIfExists(temporary);
    syncFolder(folderOf(target));
  }

  /** A name beside the target for a file that is being written, unique on this host. */
  public static Path temporaryFor(Path target) {
    String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
    return target.resolveSibling(fileName(target) + "." + random + TEMPORARY_SUFFIX);
  }

  /** Moves a file, whose content is synced already, to its final name, and syncs the folder. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncFolder(folderOf(to));
  }

  /** Forces a file's content to disk. */
  public static void syncFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Forces a folder's entries (names created, renamed, removed) to disk. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Creates a folder with its parents; every folder that gained an entry is synced. */
  public static void createFolders(Path folder) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path at = folder.toAbsolutePath(); at != null && !Files.isDirectory(at); ) {
      missing.add(at);
      at = at.getParent();
    }
    for (Path at : missing.reversed()) {
      Files.createDirectories(at);
      syncFolder(folderOf(at));
    }
  }

  /** Removes a file if it is there, and syncs the folder. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      syncFolder(folderOf(file));
    }
  }

  /** Removes a folder and everything in it, if it is there. Links are removed, not followed. */
  public static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
    syncFolder(folderOf(folder));
  }

  /**
   * Removes what an earlier process left half-written in this one folder.
   *
   * @return the names of the removed files
   */
  public static List<String> removeTemporary(Path folder) throws IOException {
    List<String> removed = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, "*" + TEMPORARY_SUFFIX)) {
        for (Path file : files) {
          Files.deleteIfExists(file);
          removed.add(fileName(file));
        }
      }
    }
    return removed;
  }

  private static void writeNew(Path file, byte[] bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path file, Exception because) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      because.addSuppressed(e);
    }
  }

  private static Path folderOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  private static String fileName(Path file) {
    Path name = file.getFileName();
    if (name == null) {
      throw new IllegalArgumentException("a file name is expected, found '" + file + "'");
    }
    return name.toString();
  }
}
