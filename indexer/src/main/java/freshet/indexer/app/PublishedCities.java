package freshet.indexer.app;

import freshet.indexer.config.IndexerConfig;
import freshet.indexer.diff.CityRows;
import freshet.replicator.app.CityWords;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Table and snapshot as to some cities, for verbs that change which cities there are. */
final class PublishedCities {
  private final IndexerConfig config;
  private final BesideMaster beside;
  private final Consumer<String> say;

  /** With what it does told by these lines. */
  PublishedCities(IndexerConfig config, BesideMaster beside, Consumer<String> say) {
    this.config = config;
    this.beside = beside;
    this.say = say;
  }

  /** Rows of the table that name each of these cities. */
  SortedMap<City, Long> rows(Set<City> cities) throws Exception {
    SourcePosition from =
        beside
            .repository()
            .latestSnapshot()
            .map(snapshot -> snapshot.manifest().position())
            .orElse(SourcePosition.START);
    try (TableAccess table = beside.table(from)) {
      return CityRows.count(table.keys(), cities, beside.progress(say));
    }
  }

  /** Published documents of a city; empty if it is not published. */
  OptionalLong documents(City city) throws IOException {
    CityEntry entry = entries().get(city);
    return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.documents());
  }

  /** What is published. */
  Map<City, CityEntry> entries() throws IOException {
    return beside.repository().latestSnapshot().map(Snapshot::cities).orElseGet(TreeMap::new);
  }

  /** Whether any snapshot that is kept names a city, though the newest may not. */
  boolean wasPublished(City city) throws IOException {
    LocalRepository repository = beside.repository();
    for (Generation generation : repository.generations().descendingSet()) {
      if (repository
          .snapshot(generation)
          .filter(one -> one.cities().containsKey(city))
          .isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Waits until no document of a city is published. */
  void awaitEmpty(City city) throws Exception {
    long documents = documents(city).orElse(0);
    if (documents == 0) {
      return;
    }
    say.accept(
        "city %s: %s the index with %s"
            .formatted(
                CityWords.name(city),
                Count.of(documents, "document leaves", "documents leave"),
                beside.next(beside.daemon())));
    if (!beside.cycleUntil(() -> documents(city).orElse(0) == 0)) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          ("city %s has no rows in the table, and %s in the index that no cycle has"
                  + " removed. If the rows were changed without a new version, or deleted without a"
                  + " tombstone: bin/indexer diff --city %s --repair; then run this again")
              .formatted(
                  CityWords.name(city),
                  Count.of(documents(city).orElse(0), "document"),
                  CityWords.name(city)));
    }
  }

  /** Has the master take a city out. */
  void retire(City city, boolean isForced) throws Exception {
    RetireRequests requests = new RetireRequests(config);
    requests.ask(city, isForced);
    if (!beside.cycleUntil(() -> !requests.isOpen(city))) {
      throw beside.late("retiring city " + CityWords.name(city));
    }
    OptionalLong left = documents(city);
    if (left.isPresent()) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          ("city %s was not retired: it has %s in the index. If it was taken off"
                  + " listed_cities, restart the master first, which knows the old list; the table may"
                  + " also have gained rows meanwhile")
              .formatted(CityWords.name(city), Count.of(left.getAsLong(), "document")));
    }
  }
}
