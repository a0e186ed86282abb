package freshet.replicator.app;

import freshet.replicator.command.Terminal;
import freshet.replicator.repository.ByteProgress;
import freshet.replicator.runtime.Deadline;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how a work over many bytes goes on: a bar on a terminal, else a line every few seconds.
 * Used by one thread.
 */
sealed interface ByteScreen extends Consumer<ByteProgress>, AutoCloseable {

  /** Leaves the screen to others. */
  @Override
  default void close() {}

  /**
   * The one that suits standard error.
   *
   * @param task in a word
   * @param say takes lines for people
   */
  static ByteScreen open(String task, boolean isQuiet, Consumer<String> say, Time time) {
    return isQuiet || !Terminal.isThere() ? new Lines(task, say, time) : new Bar(task);
  }

  /** A line every few seconds. */
  final class Lines implements ByteScreen {
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final double PERCENT = 100;

    private final String task;
    private final Consumer<String> say;
    private final Time time;
    private Deadline next;

    Lines(String task, Consumer<String> say, Time time) {
      this.task = task;
      this.say = say;
      this.time = time;
      this.next = Deadline.after(time, EVERY);
    }

    @Override
    public void accept(ByteProgress progress) {
      if (next.isPast()) {
        next = Deadline.after(time, EVERY);
        say.accept(
            "%s: %.0f %%, %,d of %,d bytes"
                .formatted(
                    task,
                    PERCENT * progress.bytes() / Math.max(1, progress.ofBytes()),
                    progress.bytes(),
                    progress.ofBytes()));
      }
    }
  }

  /** A bar with rate and time left. */
  final class Bar implements ByteScreen {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final long MEGABYTE = 1L << 20;

    private final String task;
    private @Nullable ProgressBar bar;

    Bar(String task) {
      this.task = task;
    }

    @Override
    public void accept(ByteProgress progress) {
      ProgressBar current = bar;
      if (current == null) {
        current =
            new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(progress.ofBytes())
                .setUnit(" MB", MEGABYTE)
                .setUpdateIntervalMillis((int) EVERY.toMillis())
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed()
                .clearDisplayOnFinish()
                .build();
        bar = current;
      }
      current.stepTo(progress.bytes());
    }

    @Override
    public void close() {
      ProgressBar current = bar;
      bar = null;
      if (current != null) {
        current.close();
      }
    }
  }
}
