package freshet.replicator.publish;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.SourcePosition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OwnershipTest {
  private static final RepositoryId ID = new RepositoryId("00ff00ff00ff00ff");
  private static final RepositoryId OTHER = new RepositoryId("1111111111111111");
  private static final Generation G7 = new Generation(3, 7);
  private static final Generation G8 = new Generation(3, 8);
  private static final Generation G9 = new Generation(3, 9);

  @Test
  void aMasterGoesOnAfterItsOwnLastWord() {
    assertThat(decide(state(G7, G8), latest(ID, G7), "me")).isEqualTo(new Ownership.Continue(3));
    assertThat(decide(state(G7, G8), latest(ID, G8), "me")).isEqualTo(new Ownership.Continue(3));
    assertThat(decide(state(null, null), null, "me")).isEqualTo(new Ownership.Continue(3));
  }

  @Test
  void anEpochThatItTookWithoutRememberingIsItsOwn() {
    assertThat(decide(state(G7, null), latest(ID, G7), "me", "me"))
        .isEqualTo(new Ownership.Continue(4));
  }

  @Test
  void aDeletedOrRestoredRepositoryIsTakenAnew() {
    assertThat(decide(state(G7, G8), null, "me")).isInstanceOf(Ownership.Take.class);
    assertThat(decide(state(null, G8), null, "me")).isInstanceOf(Ownership.Take.class);
    assertThat(decide(state(G8, G9), latest(ID, G7), "me")).isInstanceOf(Ownership.Take.class);
    assertThat(decide(null, latest(ID, G7), "other")).isInstanceOf(Ownership.Take.class);
    assertThat(decide(null, null)).isInstanceOf(Ownership.Take.class);
  }

  @Test
  void anotherMastersRepositoryIsRefused() {
    assertThat(decide(state(G7, null), latest(ID, G7), "me", "other"))
        .isEqualTo(
            new Ownership.Refuse(
                "epoch 4 was taken by master other; this is me, which holds epoch 3"));
    assertThat(decide(state(G7, null), latest(ID, G7), "other"))
        .isInstanceOf(Ownership.Refuse.class);
    assertThat(decide(state(G7, null), latest(OTHER, G7), "me"))
        .isEqualTo(
            new Ownership.Refuse(
                "this is repository 1111111111111111, this master published to 00ff00ff00ff00ff"));
    assertThat(decide(state(G7, null), latest(ID, new Generation(4, 8)), "me"))
        .isInstanceOf(Ownership.Refuse.class);
  }

  @Test
  void aCloneOfTheWorkingDirectoryIsRefused() {
    assertThat(decide(state(G7, G8), latest(ID, G9), "me"))
        .isEqualTo(
            new Ownership.Refuse(
                "LATEST names 3-0000000009, this master published 3-0000000008 last: another one"
                    + " does so by a copy of its working directory, or by a higher epoch"));
  }

  /** The owners hold epoch 3 and following. */
  private static Ownership decide(PublisherState state, Advertisement latest, String... owners) {
    TreeMap<Long, String> epochs = new TreeMap<>();
    for (int i = 0; i < owners.length; i++) {
      epochs.put(3L + i, owners[i]);
    }
    return Ownership.decide(state, latest, epochs);
  }

  private static PublisherState state(Generation published, Generation intended) {
    return new PublisherState(
        1, ID, "me", 3, 9, published, intended, SourcePosition.START, 0, Map.of());
  }

  private static Advertisement latest(RepositoryId id, Generation generation) {
    return new Advertisement(
        1,
        1,
        id,
        generation,
        Digest.ofText("m"),
        Instant.EPOCH,
        null,
        Map.of(),
        null,
        null,
        List.of(),
        null,
        null);
  }
}
