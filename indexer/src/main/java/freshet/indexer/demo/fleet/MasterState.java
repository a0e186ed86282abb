package freshet.indexer.demo.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the master says of itself.
 *
 * @param generation the newest that it published; null before the first
 * @param cycles its last cycles, newest first, one line each
 * @param waitsFor what it waits for, in words
 */
public record MasterState(@Nullable String generation, List<String> cycles, String waitsFor) {

  /** Copies the list. */
  public MasterState {
    cycles = List.copyOf(cycles);
  }
}
