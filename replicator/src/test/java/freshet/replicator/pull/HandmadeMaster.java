package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.Generation;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.PointerCodec;
import freshet.replicator.snapshot.RepositoryId;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SnapshotManifest;
import freshet.replicator.snapshot.SourcePosition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.KeepOnlyLastCommitDeletionPolicy;
import org.apache.lucene.index.NoMergePolicy;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.SnapshotDeletionPolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FilterDirectory;
import org.jspecify.annotations.Nullable;

/**
 * A repository written step by step from real Lucene commits, so that a test can also write what no
 * master would.
 */
public final class HandmadeMaster {
  static final RepositoryId ID = new RepositoryId("00000000000000aa");
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private final LocalRepository repository;
  private final Path work;
  private final Map<City, Incarnation> incarnations = new TreeMap<>();
  private final Map<City, Set<String>> published = new TreeMap<>();
  private final Map<Path, FileEntry> entries = new HashMap<>();
  private final Random random = new Random(7);
  private final IndexSchema schema =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(new FieldSpec("body", FieldType.TEXT, "standard", false, true, false)),
          List.of("body"));

  private RepositoryId id = ID;
  private long epoch = 1;
  private long number;
  private int fullEvery = 1000;
  private @Nullable Packing packing;
  private int seconds;
  private int ids;
  private Snapshot current;

  public HandmadeMaster(Path folder) throws IOException {
    this.repository = new LocalRepository(new RepositoryLayout(folder.resolve("repository")));
    this.work = folder.resolve("work");
    repository.createFolders();
  }

  public Path root() {
    return repository.layout().root();
  }

  public Snapshot current() {
    return current;
  }

  HandmadeMaster id(RepositoryId other) {
    id = other;
    return this;
  }

  HandmadeMaster epoch(long other) {
    epoch = other;
    return this;
  }

  HandmadeMaster number(long other) {
    number = other;
    return this;
  }

  public HandmadeMaster fullEvery(int generations) {
    fullEvery = generations;
    return this;
  }

  /** Makes the bytes of a generation's pack. */
  interface Packing {
    byte[] of(Map<String, Path> files) throws IOException;
  }

  HandmadeMaster withPacks() {
    return packing(files -> packed(files, tar -> {}));
  }

  /** Packs have the digest that the manifest says, whatever they are. */
  HandmadeMaster packing(Packing how) {
    packing = how;
    return this;
  }

  /** Packs also hold what could leave the store's folder. */
  HandmadeMaster hostilePacks() {
    return packing(
        files ->
            packed(
                files,
                tar -> {
                  for (String name :
                      List.of("../evil", "/tmp/evil", "cities/a/evil", "evil/../../evil")) {
                    tar.putArchiveEntry(new TarArchiveEntry(name, true));
                    tar.closeArchiveEntry();
                  }
                  TarArchiveEntry link =
                      new TarArchiveEntry("cities/evil", TarConstants.LF_SYMLINK);
                  link.setLinkName("../..");
                  tar.putArchiveEntry(link);
                  tar.closeArchiveEntry();
                }));
  }

  /** Writes entries of a pack. */
  interface Entries {
    void write(TarArchiveOutputStream tar) throws IOException;
  }

  /** A pack of these files, behind other entries. */
  static byte[] packed(Map<String, Path> files, Entries before) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new ZstdCompressorOutputStream(bytes))) {
      before.write(tar);
      for (Map.Entry<String, Path> file : files.entrySet()) {
        put(tar, file.getKey(), Files.readAllBytes(file.getValue()));
      }
    }
    return bytes.toByteArray();
  }

  /** Writes a plain file. */
  static void put(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(content.length);
    tar.putArchiveEntry(entry);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /** The city's next commit begins a new history, of the same files. */
  void newIncarnation(String city) {
    incarnations.put(new City(city), new Incarnation("%016x".formatted(1000 + ids++)));
    published.remove(new City(city));
  }

  /** Adds that many documents to each of these cities and publishes them. */
  public Advertisement publish(int documents, String... cities) throws IOException {
    List<CityEntry> entries = new ArrayList<>();
    Map<String, Path> fresh = new LinkedHashMap<>();
    for (String name : cities) {
      entries.add(commit(new City(name), documents, fresh));
    }
    Generation generation = new Generation(epoch, ++number);
    Snapshot base = current;
    boolean isFull = base == null || number % fullEvery == 0;
    if (isFull && base != null) {
      TreeMap<City, CityEntry> all = new TreeMap<>(base.cities());
      entries.forEach(entry -> all.put(entry.city(), entry));
      entries = new ArrayList<>(all.values());
    }
    Digest schemaDigest = write(schemaName(), schema);
    SnapshotManifest manifest =
        new SnapshotManifest(
            FormatVersion.CURRENT,
            FormatVersion.MIN_READER,
            id,
            generation,
            isFull ? null : base.generation(),
            isFull ? null : base.manifestDigest(),
            START,
            "10.6.0",
            schemaDigest,
            SourcePosition.START,
            entries,
            List.of(),
            packing == null ? null : pack(packing, generation, fresh));
    Digest digest = write(RepositoryLayout.snapshotName(generation), manifest);
    current = isFull ? Snapshot.full(manifest, digest) : base.with(manifest, digest);
    return refresh();
  }

  /** Moves LATEST, with a claim a second fresher than the last. */
  public Advertisement refresh() throws IOException {
    return advertise(START.plusSeconds(++seconds));
  }

  /** Moves LATEST with the freshness of this moment. */
  Advertisement advertise(Instant readThrough) throws IOException {
    Advertisement advertisement =
        new Advertisement(
            FormatVersion.CURRENT,
            FormatVersion.MIN_READER,
            id,
            current.generation(),
            current.manifestDigest(),
            readThrough.plusMillis(10),
            readThrough,
            Map.of(),
            null,
            null,
            List.of(),
            null,
            null);
    writeBytes(RepositoryLayout.LATEST, PointerCodec.write(advertisement));
    return advertisement;
  }

  /** Removes every file that the newest snapshot does not name. */
  void collect() throws IOException {
    Set<Path> needed = new HashSet<>();
    needed.add(repository.layout().latest());
    needed.add(repository.layout().resolve(schemaName()));
    Generation at = current.generation();
    while (at != null) {
      Path file = repository.layout().resolve(RepositoryLayout.snapshotName(at));
      needed.add(file);
      needed.add(repository.layout().resolve(RepositoryLayout.packName(at)));
      at = SnapshotCodec.read(Files.readAllBytes(file), SnapshotManifest.class, "it").base();
    }
    for (CityEntry entry : current.cities().values()) {
      needed.add(repository.layout().resolve(RepositoryLayout.cityManifestName(entry)));
      for (FileEntry file : repository.cityManifest(entry).files()) {
        needed.add(repository.layout().resolve(nameOf(entry, file)));
      }
    }
    try (Stream<Path> files = Files.walk(root())) {
      files
          .filter(Files::isRegularFile)
          .filter(file -> !needed.contains(file))
          .forEach(HandmadeMaster::delete);
    }
  }

  static String nameOf(CityEntry entry, FileEntry file) {
    return RepositoryLayout.fileName(entry.city(), entry.incarnation(), file.name());
  }

  /** The files of a city in the newest snapshot. */
  public List<String> files(String city) throws IOException {
    CityEntry entry = current.city(new City(city)).orElseThrow();
    return repository.cityManifest(entry).files().stream().map(f -> nameOf(entry, f)).toList();
  }

  private CityEntry commit(City city, int documents, Map<String, Path> fresh) throws IOException {
    Incarnation incarnation =
        incarnations.computeIfAbsent(
            city, c -> new Incarnation("%016x".formatted(incarnations.size() + 1)));
    Path folder = work.resolve(city.folder());
    IndexWriterConfig config =
        new IndexWriterConfig(new WhitespaceAnalyzer())
            .setMergePolicy(NoMergePolicy.INSTANCE)
            .setIndexDeletionPolicy(
                new SnapshotDeletionPolicy(new KeepOnlyLastCommitDeletionPolicy()));
    try (Directory directory = new Hasty(FSDirectory.open(folder))) {
      try (IndexWriter writer = new IndexWriter(directory, config)) {
        for (int i = 0; i < documents; i++) {
          Document document = new Document();
          document.add(new StringField("id", Integer.toString(++ids), Field.Store.YES));
          document.add(new TextField("body", "word" + ids + " of " + text(), Field.Store.YES));
          writer.addDocument(document);
        }
        writer.setLiveCommitData(Map.of("commit", Integer.toString(ids)).entrySet());
        writer.commit();
      }
      SegmentInfos infos = SegmentInfos.readLatestCommit(directory);
      return link(city, incarnation, folder, infos, fresh);
    }
  }

  private CityEntry link(
      City city, Incarnation incarnation, Path folder, SegmentInfos infos, Map<String, Path> fresh)
      throws IOException {
    Path target = repository.layout().incarnation(city, incarnation);
    Files.createDirectories(target);
    List<FileEntry> files = new ArrayList<>();
    for (String name : infos.files(true).stream().sorted().toList()) {
      Path file = folder.resolve(name);
      Path linked = target.resolve(name);
      if (published.computeIfAbsent(city, c -> new HashSet<>()).add(name)) {
        Files.createLink(linked, file);
        fresh.put(RepositoryLayout.fileName(city, incarnation, name), linked);
      }
      FileEntry known = entries.get(linked);
      if (known == null) {
        known = new FileEntry(name, Files.size(file), Digest.ofFile(file), "");
        entries.put(linked, known);
      }
      files.add(known);
    }
    long documents = 0;
    for (var segment : infos) {
      documents += segment.info.maxDoc() - segment.getDelCount();
    }
    CityManifest manifest =
        new CityManifest(
            1,
            city,
            incarnation,
            infos.getGeneration(),
            infos.getSegmentsFileName(),
            documents,
            0,
            write(schemaName(), schema),
            files,
            List.of(),
            SourcePosition.START);
    String name = RepositoryLayout.cityManifestName(city, incarnation, infos.getGeneration());
    Digest digest = write(name, manifest);
    fresh.put(name, repository.layout().resolve(name));
    return new CityEntry(
        city, incarnation, infos.getGeneration(), digest, documents, manifest.bytes(), null, null);
  }

  private PackEntry pack(Packing how, Generation generation, Map<String, Path> fresh)
      throws IOException {
    byte[] bytes = how.of(fresh);
    writeBytes(RepositoryLayout.packName(generation), bytes);
    return new PackEntry(bytes.length, Digest.of(bytes), fresh.size());
  }

  /** Text that does not compress well, so that some files are large. */
  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append(Long.toString(random.nextLong(), 36)).append(' ');
    }
    return text.toString();
  }

  private String schemaName() {
    return RepositoryLayout.schemaName(Digest.of(SnapshotCodec.write(schema)));
  }

  private Digest write(String name, Record value) throws IOException {
    byte[] bytes = SnapshotCodec.write(value);
    writeBytes(name, bytes);
    return Digest.of(bytes);
  }

  /** Atomic, but not durable: hundreds of generations are written for one test. */
  private void writeBytes(String name, byte[] bytes) throws IOException {
    Path file = repository.layout().resolve(name);
    Path temporary = file.resolveSibling("new.tmp");
    Files.write(temporary, bytes);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static final class Hasty extends FilterDirectory {
    Hasty(Directory directory) {
      super(directory);
    }

    @Override
    public void sync(Collection<String> names) {}

    @Override
    public void syncMetaData() {}
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
