package freshet.replicator.gate;

import freshet.replicator.snapshot.City;
import java.time.Instant;

/**
 * A city that is held: the content of its file.
 *
 * @param format version of the file's form
 * @param city the city
 * @param since when it was held first, by the master's clock
 * @param hold why
 */
public record HeldCity(int format, City city, Instant since, Hold hold) {
  static final int FORMAT = 1;

  static HeldCity of(City city, Instant since, Hold hold) {
    return new HeldCity(FORMAT, city, since, hold);
  }
}
