package freshet.indexer.merge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MergeBudgetTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void whoeverWroteWaitsUntilItIsPaid() {
    MergeBudget budget = new MergeBudget(1000, 0);
    budget.wrote(500, 0);

    assertThat(budget.nanosToWait(0)).isEqualTo(SECOND / 2);
    assertThat(budget.nanosToWait(SECOND / 4)).isEqualTo(SECOND / 4);
    assertThat(budget.nanosToWait(SECOND / 2)).isZero();
  }

  @Test
  void allShareOneDebt() {
    MergeBudget budget = new MergeBudget(1000, 0);
    budget.wrote(1000, 0);
    budget.wrote(1000, 0);

    assertThat(budget.nanosToWait(SECOND)).isEqualTo(SECOND);
  }

  @Test
  void nothingIsSavedUpWhileNobodyWrites() {
    MergeBudget budget = new MergeBudget(1000, 0);
    budget.wrote(1000, 100 * SECOND);

    assertThat(budget.nanosToWait(100 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void aChangedRateHoldsForWhoWaits() {
    MergeBudget budget = new MergeBudget(1000, 0);
    budget.wrote(1000, 0);
    budget.change(10_000, SECOND / 2);

    assertThat(budget.nanosToWait(SECOND / 2)).isEqualTo(SECOND / 20);

    budget.change(MergeLimits.UNLIMITED, SECOND / 2);

    assertThat(budget.nanosToWait(SECOND / 2)).isZero();
  }

  @Test
  void withoutABoundNobodyWaits() {
    MergeBudget budget = new MergeBudget(MergeLimits.UNLIMITED, 0);
    budget.wrote(Long.MAX_VALUE / 2, 0);

    assertThat(budget.nanosToWait(0)).isZero();
  }

  @Test
  void stepsAreShortInTime() {
    assertThat(new MergeBudget(4_000_000, 0).step()).isEqualTo(100_000);
    assertThat(new MergeBudget(1, 0).step()).isEqualTo(1);
    assertThat(new MergeBudget(MergeLimits.UNLIMITED, 0).step()).isEqualTo(1 << 20);
  }
}
