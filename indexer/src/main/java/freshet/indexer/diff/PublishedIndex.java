package freshet.indexer.diff;

import freshet.indexer.route.KeyLookup;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SourcePosition;
import freshet.replicator.swap.NamedCommit;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/**
 * The documents of the published snapshot, which is what slaves serve. Its files never change, so
 * that no lock is needed beside a master; a city is opened when it is first asked for, and stays as
 * it was published until {@link #refresh()}. Used by one thread.
 */
public final class PublishedIndex implements AutoCloseable {
  /** How often LATEST is read again because what it named was collected before it was opened. */
  private static final int MOST_ATTEMPTS = 5;

  private final LocalRepository repository;
  private final Map<City, Opened> open = new TreeMap<>();
  private Advertisement latest;
  private Snapshot snapshot;

  private record Opened(CityEntry entry, Directory directory, DirectoryReader reader) {

    void close() throws IOException {
      IOUtils.close(reader, directory);
    }
  }

  private PublishedIndex(LocalRepository repository, Advertisement latest) throws IOException {
    this.repository = repository;
    this.latest = latest;
    this.snapshot = repository.snapshot(latest);
  }

  /** The snapshot that LATEST names; empty before the first publication. */
  public static Optional<PublishedIndex> open(LocalRepository repository) throws IOException {
    Optional<Advertisement> latest = repository.latest();
    return latest.isEmpty()
        ? Optional.empty()
        : Optional.of(new PublishedIndex(repository, latest.get()));
  }

  /** The snapshot that is looked at. */
  public Snapshot snapshot() {
    return snapshot;
  }

  /** Looks at what LATEST names by now. */
  void refresh() throws IOException {
    latest = repository.latest().orElse(latest);
    snapshot = repository.snapshot(latest);
    for (Opened one : List.copyOf(open.values())) {
      CityEntry now = snapshot.cities().get(one.entry.city());
      if (now == null || !now.hasSameFilesAs(one.entry)) {
        open.remove(one.entry.city());
        one.close();
      }
    }
  }

  /** Cities of the snapshot. */
  SortedSet<City> cities() {
    return new TreeSet<>(snapshot.cities().keySet());
  }

  /** Up to where the database was read for a city. */
  SourcePosition position(City city) {
    CityEntry entry = snapshot.cities().get(city);
    SourcePosition behind = entry == null ? null : entry.behind();
    return behind == null ? snapshot.manifest().position() : behind;
  }

  /** The versions of those of these documents that a city holds. */
  Map<DocumentKey, Long> versions(City city, Collection<DocumentKey> keys) throws IOException {
    Map<DocumentKey, Long> versions = HashMap.newHashMap(keys.size());
    Optional<DirectoryReader> reader = reader(city);
    if (reader.isPresent()) {
      KeyLookup.find(
          reader.get(),
          keys,
          segment -> {
            NumericDocValues values = segment.getNumericDocValues(DocumentFields.VERSION);
            return (doc, key) -> {
              if (values.advanceExact(doc)) {
                versions.put(key, values.longValue());
              }
            };
          });
    }
    return versions;
  }

  /** The first keys of a city's documents after a key, which need not exist, in their order. */
  List<DocumentKey> keysAfter(City city, DocumentKey after, int limit) throws IOException {
    Optional<DirectoryReader> reader = reader(city);
    return reader.isEmpty() ? List.of() : KeyLookup.after(reader.get(), after, limit);
  }

  private Optional<DirectoryReader> reader(City city) throws IOException {
    for (int attempt = 1; ; attempt++) {
      CityEntry entry = snapshot.cities().get(city);
      if (entry == null) {
        return Optional.empty();
      }
      Opened known = open.get(city);
      if (known != null) {
        return Optional.of(known.reader);
      }
      try {
        Opened opened = open(entry);
        open.put(city, opened);
        return Optional.of(opened.reader);
      } catch (NoSuchFileException | FileNotFoundException e) {
        if (attempt == MOST_ATTEMPTS) {
          throw e;
        }
        // Collected since, because there are newer generations by now.
        refresh();
      }
    }
  }

  private Opened open(CityEntry entry) throws IOException {
    CityManifest manifest = repository.cityManifest(entry);
    Path folder = repository.layout().incarnation(entry.city(), entry.incarnation());
    Directory directory = FSDirectory.open(folder);
    try {
      return new Opened(
          entry,
          directory,
          DirectoryReader.open(new NamedCommit(directory, manifest.segmentsFile())));
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    for (Opened one : open.values()) {
      one.close();
    }
    open.clear();
  }
}
