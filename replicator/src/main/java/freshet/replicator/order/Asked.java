package freshet.replicator.order;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An order with who gave it: the content of its file.
 *
 * @param format version of the file's form
 * @param id by which it is answered; later ones come later in the order of their letters
 * @param order what is to be done
 * @param by who asked
 * @param at when, by that one's clock
 * @param reason why; null if that was not said
 */
public record Asked(
    int format, String id, Order order, String by, Instant at, @Nullable String reason) {
  static final int FORMAT = 1;
}
