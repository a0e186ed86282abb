package freshet.indexer.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.indexer.build.BuildOptions;
import freshet.indexer.build.CityIndexes;
import freshet.indexer.build.IndexDirectories;
import freshet.indexer.merge.MergeAdvertising;
import freshet.indexer.merge.MergeLimits;
import freshet.indexer.merge.MergeOptions;
import freshet.indexer.rebuild.RebuildFolder;
import freshet.indexer.route.RoutingTable;
import freshet.indexer.source.ChangeSource;
import freshet.indexer.source.FakeChangeSource;
import freshet.indexer.source.FakeChangeSource.Row;
import freshet.replicator.publish.PublishOptions;
import freshet.replicator.publish.SnapshotPublisher;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.schema.DocumentFields;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.DocumentKey;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexCommit;
import org.apache.lucene.index.IndexFileNames;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.Bits;

/** A master without its process: everything of a cycle in one folder. */
final class Master implements AutoCloseable {
  /** Merges as soon as there are three small segments. */
  static final MergeOptions EAGER = new MergeOptions(1, 2, 1024, 1024, MergeLimits.NONE);

  /** What a city that is healed would wait for is a matter of {@link StragglersIT} alone. */
  private static final RandomGenerator NO_WAIT = () -> 0;

  final Path root;
  final SnapshotPublisher publisher;
  final LocalRepository repository;
  final Cycle cycle;

  private Master(Path root, SnapshotPublisher publisher, LocalRepository repository, Cycle cycle) {
    this.root = root;
    this.publisher = publisher;
    this.repository = repository;
    this.cycle = cycle;
  }

  static Master start(Path root, ChangeSource source, IndexDirectories disk, Time time)
      throws Exception {
    return start(
        root,
        source,
        disk,
        time,
        FakeChangeSource.SCHEMA,
        new BuildOptions(1, 2, 16, false, MergeOptions.DEFAULT));
  }

  static Master start(
      Path root,
      ChangeSource source,
      IndexDirectories disk,
      Time time,
      IndexSchema schema,
      BuildOptions options)
      throws Exception {
    return start(root, source, disk, time, schema, options, new CityBackoff(NO_WAIT));
  }

  static Master start(
      Path root,
      ChangeSource source,
      IndexDirectories disk,
      Time time,
      IndexSchema schema,
      BuildOptions options,
      CityBackoff backoff)
      throws Exception {
    // Not seeded: after a restart no new history may have the name of an old one.
    RandomGenerator random = new SecureRandom();
    LocalRepository repository =
        new LocalRepository(new RepositoryLayout(root.resolve("repository")));
    Adoption adoption = adoption(root, options.merge().advertising(), time);
    adoption.complete();
    SnapshotPublisher publisher =
        SnapshotPublisher.open(
            repository, PublishOptions.of(work(root, "published.json")), time, random);
    Stages.Opening opening =
        () ->
            new Stages(
                source,
                CityIndexes.open(
                    work(root, "cities"), options, schemaInUse(root, schema), random, disk, time),
                RoutingTable.open(work(root, "routing")),
                publisher,
                repository,
                List.of());
    Cycle cycle = new Cycle(opening.open(), opening, adoption, FirstLoad.NONE, backoff, time);
    return new Master(root, publisher, repository, cycle);
  }

  static Path work(Path root, String name) {
    return root.resolve("work").resolve(name);
  }

  /** What the definition in use says, which is nothing but a schema here. */
  private static IndexSchema schemaInUse(Path root, IndexSchema configured) throws IOException {
    Path definition = work(root, "definition.json");
    return Files.exists(definition)
        ? SnapshotCodec.read(Files.readAllBytes(definition), IndexSchema.class, "definition")
        : configured;
  }

  /** Of any rebuild that is whole. */
  private static Adoption adoption(Path root, MergeAdvertising rule, Time time) {
    RebuildFolder rebuild = RebuildFolder.in(root.resolve("work"));
    return new Adoption(
        rebuild,
        work(root, "cities"),
        work(root, "routing"),
        work(root, "definition.json"),
        ready -> Optional.empty(),
        new ShippingAhead(rebuild, rule, time));
  }

  CityIndexes cities() {
    return cycle.stages().cities();
  }

  RoutingTable routes() {
    return cycle.stages().routes();
  }

  Path city(String name) {
    return work(root, "cities").resolve(new City(name).folder());
  }

  Snapshot snapshot() {
    return publisher.current().orElseThrow();
  }

  /** Cycles until one leaves nothing to do. */
  CycleReport settle() {
    for (int i = 0; i < 100; i++) {
      CycleReport report = cycle.run();
      if (report.outcome() instanceof CycleOutcome.Refreshed
          && !report.moreToRead()
          && report.behind().isEmpty()) {
        return report;
      }
    }
    throw new AssertionError("100 cycles did not come to rest: " + cycle.run());
  }

  /** Every document that the published snapshot holds, with the cities that hold it. */
  SortedMap<Long, List<Row>> published() throws IOException {
    SortedMap<Long, List<Row>> found = new TreeMap<>();
    for (CityEntry entry : snapshot().cities().values()) {
      CityManifest manifest = repository.cityManifest(entry);
      Path folder = repository.layout().incarnation(entry.city(), entry.incarnation());
      read(entry.city(), folder, manifest.segmentsFile(), found);
    }
    return found;
  }

  /** Every document that the working indexes hold. */
  SortedMap<Long, List<Row>> working() throws IOException {
    SortedMap<Long, List<Row>> found = new TreeMap<>();
    for (City city : cities().working().keySet()) {
      read(city, work(root, "cities").resolve(city.folder()), null, found);
    }
    return found;
  }

  /** The snapshot, the working indexes and the routing table are just what the table is. */
  void expectEqualTo(FakeChangeSource source) throws IOException {
    SortedMap<Long, List<Row>> expected = new TreeMap<>();
    source.table().forEach((id, row) -> expected.put(id, List.of(row)));
    assertThat(published()).as("published").isEqualTo(expected);
    assertThat(working()).as("working").isEqualTo(expected);
    Map<DocumentKey, SortedSet<City>> places = new TreeMap<>();
    source
        .table()
        .forEach(
            (id, row) -> places.put(FakeChangeSource.key(id), new TreeSet<>(List.of(row.city()))));
    assertThat(new TreeMap<>(routes().citiesOf(places.keySet()))).as("routes").isEqualTo(places);
    assertThat(routes().size()).as("routes").isEqualTo(places.size());
    checkIndexes();
  }

  /** Runs CheckIndex over every working and published index. */
  void checkIndexes() throws IOException {
    for (City city : cities().working().keySet()) {
      check(work(root, "cities").resolve(city.folder()));
    }
    for (CityEntry entry : snapshot().cities().values()) {
      check(repository.layout().incarnation(entry.city(), entry.incarnation()));
    }
  }

  /** Names of all files below the working folder and the repository, but for LATEST. */
  SortedSet<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      SortedSet<String> names = new TreeSet<>();
      all.filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("LATEST"))
          .forEach(file -> names.add(root.relativize(file).toString()));
      return names;
    }
  }

  /** Copies everything as it lies on disk: what a kill at this moment leaves. */
  static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            try {
              Files.copy(file, to.resolve(from.relativize(file)));
            } catch (NoSuchFileException e) {
              // A merge in the background has removed it since it was listed.
              return FileVisitResult.CONTINUE;
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }
        });
  }

  /** Puts another file in the place of a city's newest segment. What was open or linked stays. */
  static void damageNewestSegment(Path city) throws IOException {
    try (Stream<Path> files = Files.list(city)) {
      Optional<Path> newest =
          files
              .filter(file -> file.toString().endsWith(".cfs"))
              .max(Comparator.comparingLong(Master::segmentNumber));
      if (newest.isPresent()) {
        Files.delete(newest.get());
        Files.writeString(newest.get(), "damaged");
      }
    }
  }

  private static long segmentNumber(Path file) {
    String segment = IndexFileNames.parseSegmentName(file.getFileName().toString());
    return Long.parseLong(segment.substring(1), Character.MAX_RADIX);
  }

  @Override
  public void close() throws IOException {
    cycle.close();
    publisher.close();
  }

  private static void check(Path folder) throws IOException {
    try (Directory directory = FSDirectory.open(folder);
        CheckIndex check = new CheckIndex(new Unlocked(directory))) {
      assertThat(check.checkIndex().clean).as("CheckIndex of " + folder).isTrue();
    }
  }

  private static void read(
      City city, Path folder, String segmentsFile, SortedMap<Long, List<Row>> found)
      throws IOException {
    try (Directory directory = FSDirectory.open(folder);
        DirectoryReader reader = open(directory, segmentsFile)) {
      for (LeafReaderContext leaf : reader.leaves()) {
        Bits live = leaf.reader().getLiveDocs();
        NumericDocValues versions = leaf.reader().getNumericDocValues(DocumentFields.VERSION);
        for (int doc = 0; doc < leaf.reader().maxDoc(); doc++) {
          if (live == null || live.get(doc)) {
            assertThat(versions.advanceExact(doc)).isTrue();
            DocumentKey key = DocumentFields.storedKey(leaf.reader().storedFields(), doc);
            long id = (Long) FakeChangeSource.SCHEMA.keyCodec().decode(key).getFirst();
            String title = leaf.reader().storedFields().document(doc).get("title");
            found
                .computeIfAbsent(id, i -> new ArrayList<>())
                .add(new Row(versions.longValue(), city, title));
          }
        }
      }
    }
  }

  private static DirectoryReader open(Directory directory, String segmentsFile) throws IOException {
    if (segmentsFile == null) {
      return DirectoryReader.open(directory);
    }
    for (IndexCommit commit : DirectoryReader.listCommits(directory)) {
      if (commit.getSegmentsFileName().equals(segmentsFile)) {
        return DirectoryReader.open(commit);
      }
    }
    throw new AssertionError(directory + " has no " + segmentsFile);
  }
}
