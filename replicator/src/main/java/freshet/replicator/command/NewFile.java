package freshet.replicator.command;

import freshet.replicator.files.DurableFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file that a verb makes, and never overwrites.
 *
 * @param path where it is to be; null for standard output
 */
public record NewFile(@Nullable Path path) {
  private static final Path STANDARD_OUTPUT = Path.of("-");

  /** The file of this name; {@code -} is standard output. */
  public static NewFile of(Path named) {
    return new NewFile(named.equals(STANDARD_OUTPUT) ? null : named);
  }

  /** Refuses a name that is taken, and a folder that is not there: before any work is done. */
  public void check() throws CommandException {
    Path file = path;
    if (file == null) {
      return;
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw taken(file, null);
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new CommandException(
          ExitCode.CANNOT_WRITE,
          "%s can't be written: there is no folder %s; make it, or name another file by --output FILE"
              .formatted(file, folder));
    }
  }

  /** Where relative paths of a configuration should start: not in the folder of such files. */
  public String home() {
    Path folder = path == null ? null : path.toAbsolutePath().normalize().getParent();
    return folder != null && folder.endsWith("conf") ? ".." : ".";
  }

  /** Writes it whole, durably. Not for standard output. */
  public void write(String text) throws CommandException {
    Path file = path;
    if (file == null) {
      throw new IllegalStateException("standard output is printed");
    }
    try {
      DurableFiles.create(file.toAbsolutePath(), text.getBytes(StandardCharsets.UTF_8));
    } catch (FileAlreadyExistsException e) {
      throw taken(file, e);
    } catch (IOException e) {
      throw new CommandException(
          ExitCode.CANNOT_WRITE,
          "%s can't be written: %s; name another file by --output FILE".formatted(file, e),
          e);
    }
  }

  private static CommandException taken(Path file, @Nullable Throwable cause) {
    return new CommandException(
        ExitCode.CANNOT_WRITE,
        "%s is there already and is not overwritten: name another file by --output FILE, or move it away"
            .formatted(file),
        cause);
  }
}
