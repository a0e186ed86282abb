package freshet.indexer.schedule;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether cities can be published again as an older snapshot has them. Pure.
 *
 * @param current what LATEST names
 * @param old the older snapshot
 */
record RollbackRule(Snapshot current, Snapshot old) {

  /** Why these cities can't be rolled back; empty if they can. */
  Optional<String> refusal(Set<City> which) {
    Generation to = old.generation();
    if (!current.generation().isAfter(to)) {
      return Optional.of(
          "%s is not older than what is published, %s".formatted(to, current.generation()));
    }
    if (!current.manifest().schema().equals(old.manifest().schema())) {
      return Optional.of(
          "%s has schema %s, what is published has %s, and two never mix: put the fields back as they were and build all cities anew with bin/indexer rebuild --all"
              .formatted(to, old.manifest().schema().brief(), current.manifest().schema().brief()));
    }
    Set<City> unknown = new TreeSet<>(which);
    unknown.removeAll(current.cities().keySet());
    unknown.removeAll(old.cities().keySet());
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of("neither %s nor what is published has %s".formatted(to, unknown));
  }
}
