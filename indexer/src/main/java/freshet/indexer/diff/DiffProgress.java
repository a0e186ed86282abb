package freshet.indexer.diff;

import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Time;
import java.time.Duration;
import java.util.function.Consumer;

/** Tells people how far a comparison has come, every few seconds. */
public final class DiffProgress {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private final Consumer<String> say;
  private final Time time;
  private final long startNanos;
  private long saidNanos;
  private long rows;
  private long documents;

  /** Tells by these lines. */
  public DiffProgress(Consumer<String> say, Time time) {
    this.say = say;
    this.time = time;
    this.startNanos = time.nanoTime();
    this.saidNanos = startNanos;
  }

  /** Rows of the table were compared. */
  public void table(int more) {
    rows += more;
    sayNow(Count.of(rows, "row") + " of the table compared so far", rows);
  }

  /** Documents of the index were compared. */
  void index(int more) {
    documents += more;
    sayNow(Count.of(documents, "document") + " of the index compared so far", rows + documents);
  }

  /** Suspects are about to be looked at again. */
  void verifies(int suspects) {
    say.accept(
        Count.of(
            suspects,
            "document seems to differ: it is looked at again",
            "documents seem to differ: they are looked at again"));
  }

  private void sayNow(String what, long keys) {
    if (time.since(saidNanos).compareTo(EVERY) >= 0) {
      saidNanos = time.nanoTime();
      long millis = Math.max(1, time.since(startNanos).toMillis());
      say.accept("%s, %,d a second".formatted(what, keys * 1000 / millis));
    }
  }
}
