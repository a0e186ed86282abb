package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.Change.Origin;
import freshet.replicator.snapshot.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every source promises, the real one and the fake: the cycle's tests stand on the fake, so
 * the fake must not be kinder than a database.
 */
abstract class ChangeSourceContract {
  /** Rows that the source may put into one batch. */
  static final int BATCH_ROWS = 3;

  private Follower follower;

  /** The source, over an empty table; the same one for a test's whole time. */
  abstract ChangeSource source() throws Exception;

  /** Commits a row that is stamped now. */
  abstract void put(long id, String city, String title) throws Exception;

  /** Commits a row that was stamped well before the last one, but within the overlap. */
  abstract void putLate(long id, String city, String title) throws Exception;

  /** Commits a deletion with its tombstone. */
  abstract void delete(long id) throws Exception;

  @BeforeEach
  void follow() throws Exception {
    follower = new Follower(source());
  }

  private List<ChangeBatch> pollToTheEnd() throws Exception {
    List<ChangeBatch> batches = new ArrayList<>();
    do {
      batches.add(follower.poll());
    } while (!batches.getLast().reachedEnd());
    return batches;
  }

  @Test
  void aBacklogComesInBoundedBatchesThatLeaveNothingOut() throws Exception {
    for (int id = 1; id <= 2 * BATCH_ROWS + 1; id++) {
      put(id, "a", "title " + id);
    }
    List<ChangeBatch> batches = pollToTheEnd();

    assertThat(batches).hasSizeGreaterThan(2);
    assertThat(batches).allMatch(batch -> batch.changes().size() <= BATCH_ROWS);
    assertThat(follower.documents).hasSize(2 * BATCH_ROWS + 1);
    assertThat(batches.getFirst().from()).isEqualTo(SourcePosition.START);
  }

  @Test
  void onlyABatchThatReachedTheEndClaimsToBeComplete() throws Exception {
    for (int id = 1; id <= BATCH_ROWS + 1; id++) {
      put(id, "a", "title " + id);
    }
    for (ChangeBatch batch : pollToTheEnd()) {
      assertThat(batch.readThrough() != null).isEqualTo(batch.reachedEnd());
      assertThat(batch.whyNot() == null).isEqualTo(batch.reachedEnd());
    }
  }

  @Test
  void nothingNewIsNoChange() throws Exception {
    put(1, "a", "one");
    pollToTheEnd();
    SourcePosition before = follower.position;

    assertThat(follower.poll().changes()).isEmpty();
    assertThat(follower.position.changes()).isEqualTo(before.changes());
    assertThat(follower.position.deletions()).isEqualTo(before.deletions());
  }

  @Test
  void aRowThatCommitsLateIsFoundOnceByTheOverlap() throws Exception {
    put(1, "a", "one");
    put(2, "a", "two");
    pollToTheEnd();
    putLate(3, "a", "late");

    assertThat(follower.poll().changes())
        .singleElement()
        .satisfies(change -> assertThat(change.origin()).isEqualTo(Origin.OVERLAP));
    assertThat(follower.titles()).containsExactly("one", "two", "late");
    assertThat(follower.poll().changes()).isEmpty();
  }

  @Test
  void aDeletionFollowsAndAReinsertionIsNoDeletion() throws Exception {
    put(1, "a", "one");
    put(2, "a", "two");
    pollToTheEnd();
    delete(1);
    delete(2);
    put(2, "b", "two again");
    pollToTheEnd();

    assertThat(follower.titles()).containsExactly("two again");
  }

  @Test
  void eachDocumentOccursOnceInABatch() throws Exception {
    put(1, "a", "one");
    pollToTheEnd();
    delete(1);
    put(1, "b", "one, elsewhere");
    put(1, "c", "one, elsewhere again");

    assertThat(follower.poll().changes()).hasSize(1);
    assertThat(follower.documents.get(1L).city().name()).isEqualTo("c");
  }

  @Test
  void whoForgetsTheWindowReadsTheOverlapAgain() throws Exception {
    put(1, "a", "one");
    put(2, "a", "two");
    pollToTheEnd();
    follower.forgetWindow();

    assertThat(follower.poll().changes()).isNotEmpty();
    assertThat(follower.titles()).containsExactly("one", "two");
  }
}
