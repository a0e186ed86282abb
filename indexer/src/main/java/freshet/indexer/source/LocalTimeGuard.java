package freshet.indexer.source;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.FieldZones;
import freshet.indexer.table.LocalTime;
import freshet.indexer.table.ZoneFault;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses versions and dates that would be hours off, for want of a zone or for one too many. */
final class LocalTimeGuard {
  private final SourceOptions options;
  private final Set<String> serversLookedAt = new HashSet<>();

  LocalTimeGuard(SourceOptions options) {
    this.options = options;
  }

  /** Asked once of each server, since nobody changes that while it runs. */
  void refuse(PollSession session, String server) throws SourceException {
    if (serversLookedAt.contains(server)) {
      return;
    }
    String database = options.session().database();
    List<ZoneFault> found =
        session.run(
            "looking at the columns of versions and dates",
            on -> {
              List<ZoneFault> faults =
                  LocalTime.find(on, database, options.table(), options.tombstones());
              faults.addAll(FieldZones.needless(on, database, options.table()));
              return faults;
            });
    if (!found.isEmpty()) {
      throw new SourceException.SchemaError(found.getFirst().message(), null);
    }
    serversLookedAt.add(server);
  }
}
