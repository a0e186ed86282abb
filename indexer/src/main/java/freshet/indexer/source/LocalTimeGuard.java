package freshet.indexer.source;

import freshet.indexer.session.PollSession;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.LocalTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses versions in local time whose zone is not configured: they would be hours off. */
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
    List<LocalTime> found =
        session.run(
            "looking at the columns of versions",
            on ->
                LocalTime.find(
                    on, options.session().database(), options.table(), options.tombstones()));
    if (!found.isEmpty()) {
      throw new SourceException.SchemaError(found.getFirst().message(), null);
    }
    serversLookedAt.add(server);
  }
}
