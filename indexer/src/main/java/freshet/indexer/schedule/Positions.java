package freshet.indexer.schedule;

import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.SourcePosition;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares positions cursor by cursor. They form no line: one may be ahead in deletions and behind
 * in changes.
 *
 * <p>The server and its transactions are always those of the newer reading: a server that lacks
 * what was read already must not be polled, even for a city that has seen less.
 */
final class Positions {
  private Positions() {}

  /** The lower cursor of each; a joined table that either does not know begins anew. */
  static SourcePosition lower(SourcePosition newest, SourcePosition other) {
    Map<String, Cursor> sides = new TreeMap<>();
    newest
        .sides()
        .forEach(
            (name, cursor) -> {
              Cursor second = other.sides().get(name);
              if (second != null) {
                sides.put(name, min(cursor, second));
              }
            });
    return new SourcePosition(
        newest.server(),
        newest.gtid(),
        min(newest.deletions(), other.deletions()),
        min(newest.changes(), other.changes()),
        sides);
  }

  /** The higher cursor of each. */
  static SourcePosition higher(SourcePosition newest, SourcePosition other) {
    Map<String, Cursor> sides = new TreeMap<>(newest.sides());
    other.sides().forEach((name, cursor) -> sides.merge(name, cursor, Positions::max));
    return new SourcePosition(
        newest.server(),
        newest.gtid(),
        max(newest.deletions(), other.deletions()),
        max(newest.changes(), other.changes()),
        sides);
  }

  /** Whether no cursor of the first lies before that of the second. */
  static boolean isAtLeast(SourcePosition one, SourcePosition other) {
    return one.deletions().compareTo(other.deletions()) >= 0
        && one.changes().compareTo(other.changes()) >= 0
        && other.sides().entrySet().stream()
            .allMatch(
                side ->
                    one.sides().getOrDefault(side.getKey(), Cursor.START).compareTo(side.getValue())
                        >= 0);
  }

  private static Cursor min(Cursor one, Cursor other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Cursor max(Cursor one, Cursor other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
