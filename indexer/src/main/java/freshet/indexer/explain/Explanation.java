package freshet.indexer.explain;

import freshet.replicator.explain.DocumentCopy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a document is, or where it is stuck.
 *
 * @param id its key, as people type it
 * @param state of it
 * @param what one sentence, without a full stop
 * @param next the command to run; null if there is nothing to do
 * @param copies in what is published
 */
public record Explanation(
    String id, State state, String what, @Nullable String next, List<DocumentCopy> copies) {

  /** Copies the list. */
  public Explanation {
    copies = List.copyOf(copies);
  }

  /** The step that it has taken last, or could not take. */
  public enum State {
    /** It is what its row says, wherever it is known. */
    SERVED,
    /** It is published, and some slaves do not serve that yet. */
    ON_ITS_WAY,
    /** There is no row to be searched, and no document. */
    ABSENT,
    /** Nobody knows what the table has. */
    TABLE_UNKNOWN,
    /** It can't become a document. */
    SET_ASIDE,
    /** Its city is none, or is not indexed. */
    NOT_INDEXED,
    /** It waits for a pause to end, which a person asked for. */
    PAUSED,
    /** The next poll brings or removes it. */
    WAITS_FOR_POLL,
    /** Its city fails, or catches up. */
    CITY_BEHIND,
    /** Its city stays as it is published. */
    CITY_HELD,
    /** It is in a commit that is not published. */
    NOT_PUBLISHED,
    /** Polls have passed, and it is not as its row says. */
    OVERLOOKED
  }

  /** Whether it is as it should be, for slaves too. */
  public boolean isWell() {
    return state == State.SERVED || state == State.ABSENT;
  }
}
