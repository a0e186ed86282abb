package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.FormatVersion;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts one city's commit into the repository: links, gate, city manifest. Thread-safe. */
final class CityPublisher {
  private static final Logger LOG = LoggerFactory.getLogger(CityPublisher.class);

  private final LocalRepository repository;
  private final RandomGenerator random;
  private final Announced announced;

  CityPublisher(LocalRepository repository, RandomGenerator random, Announced announced) {
    this.repository = repository;
    this.random = random;
    this.announced = announced;
  }

  /** What was linked and digested before any commit had it. */
  interface Announced {
    /** The files of a city, by name. */
    Map<String, FileEntry> files(City city, Incarnation incarnation);
  }

  /**
   * A city that is in the repository, durably, but that nothing names yet.
   *
   * @param manifest its manifest
   * @param digest of that manifest's bytes
   * @param manifestBytes how many bytes that manifest has
   * @param added files whose content the last published commit did not have
   * @param recipes that it did not have either
   * @param announced names of files that slaves could have before
   */
  record Placed(
      CityManifest manifest,
      Digest digest,
      long manifestBytes,
      List<FileEntry> added,
      List<FileEntry> recipes,
      Set<String> announced) {
    /** Whether slaves have an added file, or can make it from what they have. */
    boolean isDispensable(FileEntry file) {
      return announced.contains(file.name())
          || (MergeRecipe.isReplayable(file)
              && recipes.stream().anyMatch(recipe -> recipe.segment().equals(file.segment())));
    }
  }

  /**
   * Places a commit, if need be under a new incarnation.
   *
   * @param wanted the incarnation to try first
   * @param last the city's entry in the current snapshot; null for a new city
   */
  Placed place(CityCommit commit, Incarnation wanted, @Nullable CityEntry last, Digest schema)
      throws IOException, PublishException {
    CityManifest before = last == null ? null : manifestOf(last);
    Optional<Placed> placed = tryPlace(commit, wanted, before, schema);
    if (placed.isPresent()) {
      return placed.get();
    }
    Incarnation other = newIncarnation();
    LOG.warn(
        "city {}: incarnation {} -> {}: commit {} has a file whose name is taken there by another"
            + " content",
        commit.city(),
        wanted,
        other,
        commit.commit());
    return tryPlace(commit, other, before, schema)
        .orElseThrow(() -> new IOException("new incarnation " + other + " is not empty"));
  }

  private Optional<Placed> tryPlace(
      CityCommit commit, Incarnation incarnation, @Nullable CityManifest before, Digest schema)
      throws IOException, PublishException {
    RepositoryLayout layout = repository.layout();
    Path folder = layout.incarnation(commit.city(), incarnation);
    // Their names are synced below, once.
    Files.createDirectories(folder);
    Path previous = before == null ? null : layout.incarnation(before.city(), before.incarnation());
    Map<String, FileEntry> known =
        before == null
            ? Map.of()
            : before.files().stream()
                .collect(Collectors.toMap(FileEntry::name, Function.identity()));
    Map<String, FileEntry> ahead = announced.files(commit.city(), incarnation);
    Optional<List<FileEntry>> files =
        new CityLinker(folder, previous, known, ahead)
            .link(commit.city(), commit.folder(), commit.files());
    if (files.isEmpty()) {
      return Optional.empty();
    }
    boolean continues = before != null && before.incarnation().equals(incarnation);
    CommitGate.check(commit, folder, continues ? known.keySet() : Set.of());
    List<FileEntry> oldRecipes = before != null && continues ? before.recipes() : List.of();
    List<FileEntry> recipes =
        new RecipePlacer(folder)
            .place(
                commit.recipes(),
                oldRecipes,
                List.copyOf(known.values()),
                files.get().stream().map(FileEntry::segment).collect(Collectors.toSet()));
    CityManifest manifest =
        asWritten(
            new CityManifest(
                FormatVersion.CURRENT,
                commit.city(),
                incarnation,
                commit.commit(),
                commit.segmentsFile(),
                commit.documents(),
                commit.deletedDocuments(),
                schema,
                files.get(),
                recipes,
                commit.position()));
    byte[] json = SnapshotCodec.write(manifest);
    if (!write(manifest, json)) {
      return Optional.empty();
    }
    if (!folder.equals(previous)) {
      DurableFiles.syncFolder(layout.cities());
      DurableFiles.syncFolder(layout.cities().resolve(commit.city().folder()));
    }
    Set<Digest> old = new HashSet<>();
    known.values().forEach(entry -> old.add(entry.sha256()));
    List<FileEntry> added = files.get().stream().filter(f -> !old.contains(f.sha256())).toList();
    List<FileEntry> newRecipes =
        manifest.recipes().stream().filter(f -> !oldRecipes.contains(f)).toList();
    return Optional.of(
        new Placed(manifest, Digest.of(json), json.length, added, newRecipes, ahead.keySet()));
  }

  /**
   * A commit that was placed before a crash may have recipes that nobody remembers by now: its
   * manifest stays as it lies there.
   */
  private CityManifest asWritten(CityManifest manifest) throws IOException {
    Path file =
        repository
            .layout()
            .resolve(
                RepositoryLayout.cityManifestName(
                    manifest.city(), manifest.incarnation(), manifest.commit()));
    try {
      byte[] bytes = Files.readAllBytes(file);
      CityManifest found = SnapshotCodec.read(bytes, CityManifest.class, file.toString());
      return found.withRecipes(manifest.recipes()).equals(manifest) ? found : manifest;
    } catch (NoSuchFileException | FormatException e) {
      return manifest;
    }
  }

  /** Writes the manifest, which makes the links durable too; false if its name means another. */
  private boolean write(CityManifest manifest, byte[] json) throws IOException {
    String name =
        RepositoryLayout.cityManifestName(
            manifest.city(), manifest.incarnation(), manifest.commit());
    Path file = repository.layout().resolve(name);
    try {
      if (!Arrays.equals(Files.readAllBytes(file), json)) {
        return false;
      }
      DurableFiles.syncFolder(
          repository.layout().incarnation(manifest.city(), manifest.incarnation()));
    } catch (NoSuchFileException e) {
      DurableFiles.write(file, json);
    }
    return true;
  }

  private Incarnation newIncarnation() {
    synchronized (random) {
      return Incarnation.random(random);
    }
  }

  private @Nullable CityManifest manifestOf(CityEntry entry) throws IOException {
    try {
      return repository.cityManifest(entry);
    } catch (FormatException | NoSuchFileException e) {
      LOG.warn(
          "city {}: the published commit {} can't be read, its files are digested again: {}",
          entry.city(),
          entry.commit(),
          e.getMessage());
      return null;
    }
  }
}
