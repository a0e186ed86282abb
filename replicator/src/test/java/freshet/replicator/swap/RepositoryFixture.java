package freshet.replicator.swap;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.schema.CommitData;
import freshet.replicator.schema.ContentDigest;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.schema.DocumentMaker;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.Cursor;
import freshet.replicator.snapshot.DatabaseClock;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentCommitInfo;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;

/**
 * Publishes real Lucene commits into a repository folder: what a master does, without its fences,
 * packs, retention and database.
 */
public final class RepositoryFixture implements AutoCloseable {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final Path working;
  private final LocalRepository repository;
  private final IndexSchema schema;
  private final Digest schemaDigest;
  private final DocumentFields fields;
  private final Map<City, Incarnation> incarnations = new TreeMap<>();
  private final Map<City, IndexWriter> writers = new TreeMap<>();
  private final SortedMap<City, CityEntry> entries = new TreeMap<>();
  private final TreeSet<City> touched = new TreeSet<>();
  private final Map<Path, Map<String, FileEntry>> linked = new HashMap<>();
  private long generation;
  private long incarnation;

  /** Begins with an empty repository in {@code root/repository}. */
  public RepositoryFixture(Path root, IndexSchema schema) throws IOException {
    this.working = root.resolve("working");
    this.repository = new LocalRepository(new RepositoryLayout(root.resolve("repository")));
    this.schema = schema;
    this.fields = new DocumentFields(schema);
    repository.createFolders();
    Digest written = repository.write("schemas/new.json", schema);
    Files.move(
        repository.layout().resolve("schemas/new.json"),
        repository.layout().resolve(RepositoryLayout.schemaName(written)));
    this.schemaDigest = written;
  }

  /** Where it publishes. */
  public LocalRepository repository() {
    return repository;
  }

  /** Adds or replaces a document whose key is one BIGINT. */
  public RepositoryFixture put(String city, long id, long version, Object... values)
      throws IOException {
    DocumentKey key = key(id);
    List<Object> list = Arrays.asList(values);
    writer(city)
        .updateDocument(
            DocumentFields.idTerm(key),
            new DocumentMaker(fields.schema()).of(key, version, ContentDigest.of(list), list));
    return this;
  }

  /** Removes a document. */
  public RepositoryFixture delete(String city, long id) throws IOException {
    writer(city).deleteDocuments(DocumentFields.idTerm(key(id)));
    return this;
  }

  /** Makes an empty index for a city that has none. */
  public RepositoryFixture city(String city) throws IOException {
    writer(city);
    return this;
  }

  /** Makes a segment of what was put into a city. */
  public RepositoryFixture flush(String city) throws IOException {
    writer(city).flush();
    return this;
  }

  /** Merges a city's segments into one. */
  public RepositoryFixture merge(String city) throws IOException {
    IndexWriter writer = writer(city);
    writer.commit();
    writer.getConfig().setMergePolicy(new org.apache.lucene.index.TieredMergePolicy());
    writer.forceMerge(1);
    writer.getConfig().setMergePolicy(NoMergePolicy.INSTANCE);
    return this;
  }

  /** Drops a city's history: the next document begins an empty index in a new incarnation. */
  public RepositoryFixture rebuild(String city) throws IOException {
    IndexWriter writer = writers.remove(new City(city));
    if (writer != null) {
      writer.close();
    }
    incarnations.remove(new City(city));
    return this;
  }

  /**
   * Puts a city into the next snapshot that has the same segments as another one has by now: links
   * to its files, but a commit and an incarnation of its own. Nothing can be put into it.
   */
  public RepositoryFixture copy(String from, String to) throws IOException {
    IndexWriter writer = writer(from);
    writer.commit();
    Incarnation ofSource = incarnations.get(new City(from));
    Incarnation of = new Incarnation("%016x".formatted(++incarnation));
    City city = new City(to);
    Path source = working.resolve(new City(from).folder() + "-" + ofSource);
    Path target = repository.layout().incarnation(city, of);
    Files.createDirectories(target);
    SegmentInfos infos = SegmentInfos.readLatestCommit(writer.getDirectory());
    for (String name : infos.files(false)) {
      Files.createLink(target.resolve(name), source.resolve(name));
    }
    CommitData data = new CommitData(city, of, schemaDigest, position(generation + 1));
    infos.setUserData(data.toUserData(), true);
    try (Directory directory = FSDirectory.open(target)) {
      infos.commit(directory);
    }
    Map<String, FileEntry> known = linked.computeIfAbsent(source, same -> new HashMap<>());
    entries.put(city, entry(city, of, target, infos, known));
    return this;
  }

  /** Takes a city out of the next snapshot. */
  public RepositoryFixture remove(String city) throws IOException {
    rebuild(city);
    entries.remove(new City(city));
    touched.remove(new City(city));
    return this;
  }

  /** Names an older commit of a city in the next snapshot, as a rollback does. */
  public RepositoryFixture rollBack(CityEntry entry) {
    entries.put(entry.city(), entry);
    touched.remove(entry.city());
    return this;
  }

  /** Commits what changed and makes a snapshot of everything. */
  public Snapshot publish() throws IOException {
    for (City city : touched) {
      entries.put(city, commit(city));
    }
    touched.clear();
    return manifest(schemaDigest);
  }

  /** A snapshot of the published cities under this schema. */
  Snapshot manifest(Digest schemaOfSnapshot) throws IOException {
    Generation number = new Generation(1, ++generation);
    SnapshotManifest manifest =
        new SnapshotManifest(
            1,
            1,
            new RepositoryId("00ff00ff00ff00ff"),
            number,
            null,
            null,
            NOON.plusSeconds(generation),
            "10.6.0",
            schemaOfSnapshot,
            position(generation),
            List.copyOf(entries.values()),
            List.of(),
            null);
    Digest digest = repository.write(RepositoryLayout.snapshotName(number), manifest);
    Snapshot snapshot = Snapshot.full(manifest, digest);
    repository.advertise(advertisement(snapshot));
    return snapshot;
  }

  /** What LATEST says of a snapshot. */
  public static Advertisement advertisement(Snapshot snapshot) {
    return new Advertisement(
        1,
        1,
        snapshot.manifest().repository(),
        snapshot.generation(),
        snapshot.manifestDigest(),
        snapshot.manifest().created(),
        snapshot.manifest().created(),
        Map.of(),
        null,
        null,
        List.of(),
        null,
        null);
  }

  /** The same, said at a moment by a database whose clock is known exactly. */
  public static Advertisement saidAt(Advertisement claims, Instant now, Instant readThrough) {
    return new Advertisement(
        claims.format(),
        claims.minReader(),
        claims.repository(),
        claims.generation(),
        claims.manifest(),
        now,
        readThrough,
        Map.of(),
        new DatabaseClock(Duration.ZERO, Duration.ZERO),
        null,
        List.of(),
        null,
        null);
  }

  /** Runs Lucene's own check over the newest commit of every incarnation in the repository. */
  public void checkIndexes() throws IOException {
    for (CityEntry entry : entries.values()) {
      Path folder = repository.layout().incarnation(entry.city(), entry.incarnation());
      try (Directory directory = FSDirectory.open(folder);
          CheckIndex check = new CheckIndex(directory)) {
        if (!check.checkIndex().clean) {
          throw new AssertionError("CheckIndex finds fault with " + folder);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (IndexWriter writer : writers.values()) {
      writer.rollback();
      writer.getDirectory().close();
    }
  }

  private CityEntry commit(City city) throws IOException {
    IndexWriter writer = writers.get(city);
    Incarnation of = incarnations.get(city);
    CommitData data = new CommitData(city, of, schemaDigest, position(generation + 1));
    writer.setLiveCommitData(data.toUserData().entrySet());
    writer.commit();
    Directory directory = writer.getDirectory();
    SegmentInfos infos = SegmentInfos.readLatestCommit(directory);
    Path source = working.resolve(city.folder() + "-" + of);
    Path target = repository.layout().incarnation(city, of);
    Files.createDirectories(target);
    for (String name : infos.files(true)) {
      Path file = target.resolve(name);
      if (!Files.exists(file)) {
        Files.createLink(file, source.resolve(name));
      }
    }
    return entry(city, of, target, infos, new HashMap<>());
  }

  /**
   * Writes a city's manifest.
   *
   * @param known files of segments whose digests are known; takes those that were not
   */
  private CityEntry entry(
      City city, Incarnation of, Path folder, SegmentInfos infos, Map<String, FileEntry> known)
      throws IOException {
    for (String name : infos.files(false)) {
      if (!known.containsKey(name)) {
        known.put(name, file(folder, name, IndexFileNames.parseSegmentName(name)));
      }
    }
    List<FileEntry> files = new ArrayList<>();
    for (String name : new TreeSet<>(infos.files(true))) {
      FileEntry file = known.get(name);
      files.add(file == null ? file(folder, name, "") : file);
    }
    int documents = 0;
    int deleted = 0;
    for (SegmentCommitInfo segment : infos) {
      deleted += segment.getDelCount();
      documents += segment.info.maxDoc() - segment.getDelCount();
    }
    CityManifest manifest =
        new CityManifest(
            1,
            city,
            of,
            infos.getGeneration(),
            infos.getSegmentsFileName(),
            documents,
            deleted,
            schemaDigest,
            files,
            List.of(),
            position(generation + 1));
    Digest digest =
        repository.write(
            RepositoryLayout.cityManifestName(city, of, infos.getGeneration()), manifest);
    return new CityEntry(
        city, of, infos.getGeneration(), digest, documents, manifest.bytes(), NOON, null);
  }

  private static FileEntry file(Path folder, String name, String segment) throws IOException {
    Path file = folder.resolve(name);
    return new FileEntry(name, Files.size(file), Digest.ofFile(file), segment);
  }

  private IndexWriter writer(String name) throws IOException {
    City city = new City(name);
    touched.add(city);
    IndexWriter writer = writers.get(city);
    if (writer == null) {
      Incarnation of = new Incarnation("%016x".formatted(++incarnation));
      incarnations.put(city, of);
      writer =
          new IndexWriter(
              FSDirectory.open(working.resolve(city.folder() + "-" + of)),
              new IndexWriterConfig(fields.analyzer())
                  .setMergePolicy(NoMergePolicy.INSTANCE)
                  .setCommitOnClose(false));
      writers.put(city, writer);
    }
    return writer;
  }

  private DocumentKey key(long id) {
    return schema.keyCodec().encode(List.of(id));
  }

  private static SourcePosition position(long number) {
    return new SourcePosition(
        "server", "", Cursor.START, new Cursor(number, DocumentKey.EMPTY), Map.of());
  }
}
