package freshet.indexer.source;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.source.PageWalk.Page;
import freshet.indexer.source.PageWalk.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Five pages, 0 to 4; each begins after its own number. */
class PageWalkTest {
  private final List<Integer> compared = new ArrayList<>();
  private final BatchDraft draft = new BatchDraft(Limits.DEFAULT, () -> false);

  private PageWalk<Integer> walk(int at, int repeats, int most, Map<Integer, Verdict> verdicts)
      throws Exception {
    PageWalk<Integer> walk = new PageWalk<>(at, repeats);
    walk.run(
        most,
        draft,
        page -> {
          compared.add(page);
          return new Page<>(
              page == 4 ? null : page + 1, verdicts.getOrDefault(page, Verdict.RIGHT));
        });
    return walk;
  }

  @Test
  void goesOnWhereItStopped() throws Exception {
    PageWalk<Integer> first = walk(0, 0, 2, Map.of());
    assertThat(first.at()).isEqualTo(2);
    PageWalk<Integer> second = walk(first.at(), first.repeats(), 9, Map.of());
    assertThat(second.isDone()).isTrue();
    assertThat(compared).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void isNotDoneBeforeWhatDifferedWasSeenToBeRight() throws Exception {
    PageWalk<Integer> first = walk(0, 0, 9, Map.of(2, Verdict.DIFFERED, 3, Verdict.DIFFERED));
    assertThat(first.isDone()).isFalse();
    assertThat(first.at()).isEqualTo(2);
    assertThat(walk(first.at(), first.repeats(), 9, Map.of()).isDone()).isTrue();
    assertThat(compared).containsExactly(0, 1, 2, 3, 4, 2, 3, 4);
  }

  @Test
  void passesAPageThatNeverGetsRight() throws Exception {
    PageWalk<Integer> walk = new PageWalk<>(0, 0);
    int polls = 0;
    while (!walk.isDone()) {
      walk = walk(walk.at(), walk.repeats(), 9, Map.of(1, Verdict.DIFFERED));
      polls++;
    }
    assertThat(polls).isEqualTo(3);
  }

  @Test
  void aBatchThatIsFullIsNoRepeat() throws Exception {
    PageWalk<Integer> walk = new PageWalk<>(0, 0);
    for (int i = 0; i < 20; i++) {
      walk = walk(walk.at(), walk.repeats(), 9, Map.of(0, Verdict.CUT_SHORT));
    }
    assertThat(walk.at()).isZero();
    assertThat(walk.repeats()).isZero();
  }
}
