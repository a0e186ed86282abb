package freshet.indexer.app;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.config.IndexerConfig;
import freshet.indexer.diff.TableKeys;
import freshet.indexer.explain.DocumentFacts;
import freshet.indexer.explain.DocumentFacts.Row;
import freshet.indexer.explain.DocumentFacts.SlaveAt;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.indexer.session.SourceException;
import freshet.indexer.table.TableKey;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonAccess;
import freshet.replicator.command.DaemonClient;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.Json;
import freshet.replicator.explain.DocumentCopies;
import freshet.replicator.explain.DocumentCopy;
import freshet.replicator.explain.Versions;
import freshet.replicator.gate.HoldFolder;
import freshet.replicator.pause.Pause;
import freshet.replicator.pause.PauseFolder;
import freshet.replicator.pause.Pauses;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers what can be observed of a document, beside a master: row, quarantine, repository, working
 * index, what slaves report. The row is read after what is published, so that a change in between
 * waits for a poll, and was not overlooked by one.
 */
final class ObservedDocument {
  private static final Logger LOG = LoggerFactory.getLogger(ObservedDocument.class);
  private static final int HTTP_OK = 200;

  private final IndexerConfig config;
  private final BesideMaster beside;
  private final String id;
  private final DocumentKey key;
  private final Time time;

  ObservedDocument(
      IndexerConfig config, BesideMaster beside, String id, DocumentKey key, Time time) {
    this.time = time;
    this.config = config;
    this.beside = beside;
    this.id = id;
    this.key = key;
  }

  DocumentFacts facts() throws IOException {
    LocalRepository repository = beside.repository();
    Snapshot newest = repository.latestSnapshot().orElse(null);
    List<DocumentCopy> copies =
        newest == null ? List.of() : new DocumentCopies(repository).find(newest, key);
    Pauses paused = new PauseFolder(repository.layout()).read().at(time.now());
    return new DocumentFacts(
        id,
        row(newest),
        setAside(),
        newest == null ? null : newest.generation(),
        copies,
        sentence(paused.whole()),
        pausedCities(paused),
        held(repository),
        behind(),
        slaves());
  }

  private Row row(@Nullable Snapshot newest) throws IOException {
    SourcePosition position = newest == null ? SourcePosition.START : newest.manifest().position();
    try (TableAccess table = beside.table(SourcePosition.START)) {
      TableKey row = table.keys().of(List.of(key)).get(key);
      if (row == null) {
        boolean isUnread = !table.keys().deletedSince(position.deletions(), Set.of(key)).isEmpty();
        return new Row.Missing(isUnread, deletedAt(table));
      }
      Optional<City> named = TableKeys.city(row);
      if (!row.isSearchable()) {
        return new Row.NotSearchable();
      }
      if (named.isEmpty()) {
        return new Row.WithoutCity();
      }
      City city = named.get();
      return new Row.Searchable(
          city,
          Versions.instant(row.version()),
          table.keys().indexes(city),
          newest != null && isRead(newest, city, row),
          working(city));
    } catch (SourceException e) {
      return new Row.Unknown(String.valueOf(e.getMessage()));
    }
  }

  /** It may take too long where there are many tombstones; all else is known without it. */
  private @Nullable Instant deletedAt(TableAccess table) {
    try {
      OptionalLong at = table.keys().deletedAt(key);
      return at.isPresent() ? Versions.instant(at.getAsLong()) : null;
    } catch (SourceException e) {
      LOG.warn("when {} was deleted is not known: {}", id, e.getMessage());
      return null;
    }
  }

  private boolean isRead(Snapshot newest, City city, TableKey row) {
    CityEntry entry = newest.cities().get(city);
    SourcePosition behind = entry == null ? null : entry.behind();
    SourcePosition position = behind == null ? newest.manifest().position() : behind;
    return new Cursor(row.version(), key).compareTo(position.changes()) <= 0;
  }

  /** The version in the working index, which a master may be writing to. */
  private @Nullable Instant working(City city) throws IOException {
    Path folder = Master.citiesFolder(config).resolve(city.folder());
    if (!Files.isDirectory(folder)) {
      return null;
    }
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = DirectoryReader.open(directory)) {
      OptionalLong version = DocumentCopies.version(reader, key);
      return version.isPresent() ? Versions.instant(version.getAsLong()) : null;
    } catch (IndexNotFoundException e) {
      return null;
    }
  }

  private @Nullable String setAside() throws IOException {
    return FileQuarantine.look(config.quarantine().file()).stream()
        .filter(entry -> entry.row().key().equals(key))
        .map(entry -> entry.row().reason() + "; " + entry.row().fix())
        .findFirst()
        .orElse(null);
  }

  private static SortedMap<City, String> pausedCities(Pauses paused) {
    SortedMap<City, String> cities = new TreeMap<>();
    paused.cities().forEach((city, pause) -> cities.put(city, pause.sentence()));
    return cities;
  }

  private static @Nullable String sentence(@Nullable Pause pause) {
    return pause == null ? null : pause.sentence();
  }

  private static SortedMap<City, String> held(LocalRepository repository) throws IOException {
    SortedMap<City, String> held = new TreeMap<>();
    new HoldFolder(repository)
        .read()
        .forEach(
            (city, one) ->
                held.put(city, "since %s: %s".formatted(one.since(), one.hold().explain())));
    return held;
  }

  private SortedMap<City, String> behind() throws IOException {
    SortedMap<City, String> behind = new TreeMap<>();
    HeldCities.read(config.work())
        .cities()
        .forEach((city, one) -> behind.put(city, one.toString()));
    return behind;
  }

  /** What slaves reported to the daemon here; null if none runs, or it does not answer. */
  private @Nullable List<SlaveAt> slaves() throws IOException {
    Optional<DaemonFile.Daemon> daemon = new DaemonFile(config.work()).read();
    if (daemon.isEmpty()) {
      return null;
    }
    URI url = URI.create(daemon.get().url().toString().replaceFirst("/$", "") + "/slaves");
    try {
      DaemonClient.Answer answer = DaemonClient.get(url, DaemonAccess.of(config.server()));
      if (answer.status() != HTTP_OK) {
        return null;
      }
      List<SlaveAt> slaves = new ArrayList<>();
      for (JsonNode slave : Json.parse(answer.body()).path("slaves")) {
        JsonNode report = slave.path("report");
        String at = report.path("generation").asText("");
        slaves.add(
            new SlaveAt(
                slave.path("name").asText(),
                at.isEmpty() ? null : Generation.parse(at),
                part(report.path("subset"), CitySubset.class).orElse(CitySubset.ALL),
                part(report.path("paused"), Pause.class).map(Pause::sentence).orElse(null)));
      }
      return slaves;
    } catch (CommandException e) {
      return null;
    }
  }

  /** Of a slave's report; empty if it is not there, or the slave runs another version. */
  private static <T extends Record> Optional<T> part(JsonNode found, Class<T> type) {
    if (!found.isObject()) {
      return Optional.empty();
    }
    byte[] json = found.toString().getBytes(StandardCharsets.UTF_8);
    try {
      return Optional.of(SnapshotCodec.read(json, type, "the report of a slave"));
    } catch (FormatException e) {
      return Optional.empty();
    }
  }
}
