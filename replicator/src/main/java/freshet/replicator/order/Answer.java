package freshet.replicator.order;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of an order.
 *
 * @param isDone whether it was obeyed; else nothing has changed
 * @param text what was done, or why it was not
 * @param cities that it concerned
 * @param generation that was published for it; null if none was
 */
public record Answer(
    boolean isDone, String text, List<City> cities, @Nullable Generation generation) {
  /** Copies the list. */
  public Answer {
    cities = List.copyOf(cities);
  }

  /** It was not obeyed. */
  public static Answer refused(String why) {
    return new Answer(false, why, List.of(), null);
  }
}
