package freshet.indexer.app;

import freshet.indexer.check.ConfigCheck;
import freshet.indexer.check.Conversation;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.diff.CityRows;
import freshet.indexer.diff.DiffProgress;
import freshet.indexer.diff.TableKeys;
import freshet.indexer.quarantine.Quarantine;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.table.TableSpec;
import freshet.replicator.app.CityWords;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.runtime.StopSignal;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether there are such cities: a mistyped one would have the whole table indexed for nothing.
 *
 * @param config where the table is
 * @param published what is served; null if nothing is
 * @param say takes what people wait for
 * @param time the clock
 * @param stop ends the reading of keys
 */
record KnownCities(
    IndexerConfig config,
    @Nullable Snapshot published,
    Consumer<String> say,
    Time time,
    StopSignal stop) {

  /** Refuses cities that neither the snapshot nor the table has. */
  void require(SortedSet<City> asked) throws CommandException, SourceException {
    SortedSet<City> known = new TreeSet<>();
    if (published != null) {
      known.addAll(published.cities().keySet());
    }
    SortedSet<City> unknown = new TreeSet<>(asked);
    unknown.removeAll(known);
    if (unknown.isEmpty()) {
      return;
    }
    if (config.source().table().query() == null) {
      for (City city : unknown) {
        known.addAll(inTable(city));
      }
    } else {
      known.addAll(ofQuery(unknown));
    }
    for (City city : unknown) {
      if (!known.contains(city)) {
        throw new CommandException(
            ExitCode.USAGE,
            "--city %s: neither the snapshot nor table %s has such a city%s; all cities are listed by: bin/indexer city list"
                .formatted(
                    CityWords.name(city),
                    config.source().table().name(),
                    CityWords.meant(city, known)));
      }
    }
  }

  /** A query of the user's may make names that no column of the table has. */
  private SortedSet<City> ofQuery(SortedSet<City> wanted) throws SourceException {
    SourcePosition from =
        published == null ? SourcePosition.START : published.manifest().position();
    try (TableAccess table = new TableAccess(config, from, Quarantine.NONE, time, stop)) {
      return CityRows.until(table.keys(), wanted, new DiffProgress(say, time));
    }
  }

  /** The names that the database takes for equal, which may differ in case. */
  private List<City> inTable(City city) throws SourceException {
    // One row is found early where there is one: all names would take the whole table.
    List<City> first = names("SELECT %s AS city FROM %s WHERE %s = ? LIMIT 1", city);
    return first.isEmpty() || first.contains(city)
        ? first
        : names("SELECT DISTINCT %s AS city FROM %s WHERE %s = ? LIMIT 10", city);
  }

  private List<City> names(String sql, City city) throws SourceException {
    TableSpec table = config.source().table();
    String column = Sql.name(table.city());
    Query query =
        new Query(sql.formatted(column, Sql.quoted(table.name()), column), List.of(city.name()));
    ConfigCheck check = new ConfigCheck(config.source(), config.schema(), time);
    SourceException last = null;
    for (Endpoint endpoint : config.source().session().endpoints()) {
      try (Conversation server = check.conversation(endpoint)) {
        return server.rows("looking for city " + city, query).stream()
            .flatMap(row -> TableKeys.city(row.getOrDefault("city", "")).stream())
            .toList();
      } catch (SourceException e) {
        last = e;
      }
    }
    if (last == null) {
      throw new IllegalStateException("no server is configured");
    }
    throw last;
  }
}
