package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.snapshot.City;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExchangesTest {
  private static final City A = new City("a");
  private static final City B = new City("b");
  private static final City C = new City("c");
  private static final City D = new City("d");
  private static final City E = new City("e");

  private final Exchanges exchanges = new Exchanges();

  @Test
  void aCityAloneIsWithheldAlone() {
    exchanges.add(Set.of(A));

    assertThat(exchanges.with(Set.of(A))).containsExactly(A);
    assertThat(exchanges.with(Set.of())).isEmpty();
  }

  @Test
  void citiesAreLinkedThroughOthers() {
    exchanges.add(Set.of(A, B));
    exchanges.add(Set.of(C, D));
    exchanges.add(Set.of(B, C));

    assertThat(exchanges.with(Set.of(A))).containsExactly(A, B, C, D);
    assertThat(exchanges.with(Set.of(E))).containsExactly(E);
  }

  @Test
  void twoGroupsThatAreWithheldAreBothWithheld() {
    exchanges.add(Set.of(A, B));
    exchanges.add(Set.of(C, D));

    assertThat(exchanges.with(List.of(B, C, E))).containsExactly(A, B, C, D, E);
  }

  @Test
  void whatIsPublishedIsForgotten() {
    exchanges.add(Set.of(A, B));
    exchanges.add(Set.of(C, D));
    exchanges.publishedAllBut(Set.of(A, B));

    assertThat(exchanges.with(Set.of(A))).containsExactly(A, B);
    assertThat(exchanges.with(Set.of(C))).containsExactly(C);
  }
}
