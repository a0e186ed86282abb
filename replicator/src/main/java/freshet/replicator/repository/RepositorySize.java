package freshet.replicator.repository;

import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes a repository's files have. They are counted now and then, and between by what was
 * removed; what was published since the last count is not in it.
 */
final class RepositorySize {
  private static final Duration COUNT_EVERY = Duration.ofMinutes(10);

  private final RepositoryLayout layout;
  private final Time time;
  private final Remover remover;
  private long counted;
  private long removedThen;
  private @Nullable Deadline next;

  RepositorySize(RepositoryLayout layout, Time time, Remover remover) {
    this.layout = layout;
    this.time = time;
    this.remover = remover;
  }

  /** Whether it is more than this allows. Without a bound nothing is counted. */
  boolean isAbove(Retention retention) throws IOException {
    if (retention.maxBytes() == Retention.UNLIMITED) {
      return false;
    }
    if (next == null || next.isPast()) {
      counted = count();
      removedThen = remover.bytes();
      next = Deadline.after(time, COUNT_EVERY);
    }
    return bytes() > retention.maxBytes();
  }

  long bytes() {
    return counted - (remover.bytes() - removedThen);
  }

  private long count() throws IOException {
    Sum sum = new Sum();
    for (Path folder :
        List.of(layout.cities(), layout.packs(), layout.snapshots(), layout.schemas())) {
      if (Files.exists(folder)) {
        Files.walkFileTree(folder, sum);
      }
    }
    return sum.bytes;
  }

  private static final class Sum extends SimpleFileVisitor<Path> {
    private long bytes;

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      bytes += attributes.size();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      // Gone meanwhile.
      return FileVisitResult.CONTINUE;
    }
  }
}
