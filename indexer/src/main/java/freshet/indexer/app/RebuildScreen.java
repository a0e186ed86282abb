package freshet.indexer.app;

import freshet.indexer.rebuild.RebuildProgress;
import freshet.indexer.rebuild.RebuildState.Phase;
import freshet.replicator.runtime.Count;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** Shows how a rebuild goes on: a bar on a terminal, else a line every few seconds. */
interface RebuildScreen extends AutoCloseable {

  /** Shows where it stands. Called every second, by one thread at a time. */
  void show(RebuildProgress progress);

  /** Leaves the screen to others. */
  @Override
  default void close() {}

  /** A line whenever another phase begins, and every few seconds. */
  final class Lines implements RebuildScreen {
    private static final int EVERY_SECONDS = 5;

    private final Consumer<String> say;
    private int since;
    private @Nullable Phase phase;

    Lines(Consumer<String> say) {
      this.say = say;
    }

    @Override
    public void show(RebuildProgress progress) {
      since++;
      if (progress.phase() != phase || since >= EVERY_SECONDS) {
        say.accept(RebuildText.of(progress));
        since = 0;
        phase = progress.phase();
      }
    }
  }

  /** A bar. */
  final class Bar implements RebuildScreen {
    private static final Duration EVERY = Duration.ofMillis(500);

    private final Function<ProgressBarBuilder, ProgressBar> terminal;
    private @Nullable ProgressBar bar;
    private @Nullable Phase phase;
    private boolean isClosed;

    /**
     * A bar.
     *
     * @param terminal where it is drawn: on standard error if the builder is not told otherwise
     */
    Bar(Function<ProgressBarBuilder, ProgressBar> terminal) {
      this.terminal = terminal;
    }

    @Override
    public void show(RebuildProgress progress) {
      if (isClosed) {
        // What is caught up while the master is waited for takes no time to speak of.
        return;
      }
      ProgressBar current = bar;
      if (current == null || progress.phase() != phase) {
        end();
        current = open(progress);
        bar = current;
        phase = progress.phase();
      }
      if (progress.phase() == Phase.READING) {
        // An estimate that was too low: the bar never claims to be done.
        current.maxHint(Math.max(progress.estimatedRows(), progress.rows() + 1));
        current.stepTo(progress.rows());
      }
      current.setExtraMessage(extra(progress));
    }

    private ProgressBar open(RebuildProgress progress) {
      boolean isReading = progress.phase() == Phase.READING;
      return terminal.apply(
          new ProgressBarBuilder()
              .setTaskName(isReading ? "reading" : "catching up")
              .setInitialMax(isReading ? Math.max(1, progress.estimatedRows()) : -1)
              .setUpdateIntervalMillis((int) EVERY.toMillis())
              .setStyle(ProgressBarStyle.ASCII)
              .hideEta()
              .clearDisplayOnFinish());
    }

    private static String extra(RebuildProgress progress) {
      Duration left = progress.timeLeft();
      String waits = progress.waitsFor();
      return "%s%s%s%s"
          .formatted(
              Count.of(progress.documents(), "document"),
              progress.phase() == Phase.READING
                  ? ", %,d rows/s".formatted(progress.rowsPerSecond())
                  : "",
              left == null ? "" : ", " + RebuildText.timeLeft(left) + " left",
              waits == null ? "" : "; waits: " + waits);
    }

    @Override
    public void close() {
      isClosed = true;
      end();
    }

    private void end() {
      ProgressBar current = bar;
      bar = null;
      if (current != null) {
        current.close();
      }
    }
  }
}
