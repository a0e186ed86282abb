package freshet.indexer.app;

import freshet.indexer.check.ConfigCheck;
import freshet.indexer.check.Conversation;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.table.TableSpec;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whether there are such cities: a mistyped one would read the whole table and build nothing.
 *
 * @param config where the table is
 * @param published what is served; null if nothing is
 * @param time the clock
 */
record KnownCities(IndexerConfig config, @Nullable Snapshot published, Time time) {

  /** Refuses cities that neither the snapshot nor the table has. */
  void require(SortedSet<City> asked) throws CommandException, SourceException {
    SortedSet<City> unknown = new TreeSet<>(asked);
    if (published != null) {
      unknown.removeAll(published.cities().keySet());
    }
    // A query of the user's may name cities that no column of the table has.
    if (unknown.isEmpty() || config.source().table().query() != null) {
      return;
    }
    for (City city : unknown) {
      List<String> alike = inTable(city);
      if (!alike.contains(city.name())) {
        throw new CommandException(
            ExitCode.USAGE,
            "--city %s: neither the snapshot nor table %s has such a city%s; all cities are listed by: bin/indexer status --cities"
                .formatted(
                    city,
                    config.source().table().name(),
                    alike.isEmpty() ? "" : "; did you mean " + String.join(" or ", alike) + "?"));
      }
    }
  }

  /** The names that the database takes for equal, which may differ in case. */
  private List<String> inTable(City city) throws SourceException {
    // One row is found early where there is one: all names would take the whole table.
    List<String> first = names("SELECT %s AS city FROM %s WHERE %s = ? LIMIT 1", city);
    return first.isEmpty() || first.contains(city.name())
        ? first
        : names("SELECT DISTINCT %s AS city FROM %s WHERE %s = ? LIMIT 10", city);
  }

  private List<String> names(String sql, City city) throws SourceException {
    TableSpec table = config.source().table();
    String column = Sql.name(table.city());
    Query query =
        new Query(sql.formatted(column, Sql.quoted(table.name()), column), List.of(city.name()));
    ConfigCheck check = new ConfigCheck(config.source(), config.schema(), time);
    SourceException last = null;
    for (Endpoint endpoint : config.source().session().endpoints()) {
      try (Conversation server = check.conversation(endpoint)) {
        List<String> names = new ArrayList<>();
        for (Map<String, String> row : server.rows("looking for city " + city, query)) {
          names.add(row.getOrDefault("city", ""));
        }
        return names;
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
