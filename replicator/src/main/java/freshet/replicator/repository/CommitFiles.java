package freshet.replicator.repository;

import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RebuiltCity;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.UpcomingMerge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One removal of index files and city manifests that no manifest names any more. Within an
 * incarnation a file that has left a commit never comes back to a later one, so the commits next to
 * a dropped one know whether a file of it is still in use.
 */
final class CommitFiles {
  private static final Logger LOG = LoggerFactory.getLogger(CommitFiles.class);

  /** What a file that is being fetched ends with. */
  private static final String PARTIAL_SUFFIX = ".part";

  private final LocalRepository repository;
  private final CitySubset held;
  private final Instant unfinishedBefore;
  private final Remover remover;
  private final Map<Folder, Set<String>> upcoming = new HashMap<>();
  private final Set<String> schemas = new HashSet<>();
  private boolean isComplete = true;

  /**
   * Files that a pull has begun to fetch go if nobody has written to them since that time.
   *
   * @param held cities; the files of others go, whoever names them
   * @param announced by LATEST: their files stay
   * @param rebuilt the same of cities that were built anew
   */
  CommitFiles(
      LocalRepository repository,
      CitySubset held,
      Instant unfinishedBefore,
      Collection<UpcomingMerge> announced,
      Collection<RebuiltCity> rebuilt,
      Remover remover) {
    this.repository = repository;
    this.held = held;
    this.unfinishedBefore = unfinishedBefore;
    this.remover = remover;
    for (UpcomingMerge merge : announced) {
      stay(new Folder(merge.city(), merge.incarnation()), merge.filesAndRecipe());
    }
    for (RebuiltCity city : rebuilt) {
      stay(new Folder(city.city(), city.incarnation()), city.files());
    }
  }

  private void stay(Folder folder, List<FileEntry> files) {
    Set<String> names = upcoming.computeIfAbsent(folder, key -> new HashSet<>());
    files.forEach(file -> names.add(file.name()));
  }

  /** One history of one city. */
  record Folder(City city, Incarnation incarnation) {
    static Folder of(CityEntry entry) {
      return new Folder(entry.city(), entry.incarnation());
    }
  }

  /** One commit of it. */
  record Ref(Folder folder, CityEntry entry) {
    static Ref of(CityEntry entry) {
      return new Ref(Folder.of(entry), entry);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Ref ref
          && folder.equals(ref.folder)
          && entry.commit() == ref.entry.commit();
    }

    @Override
    public int hashCode() {
      return folder.hashCode() * 31 + Long.hashCode(entry.commit());
    }
  }

  /** File names of the schemas that the swept city manifests name. */
  Set<String> schemas() {
    return schemas;
  }

  /** Whether every city manifest that was looked for could be read, or is not there. */
  boolean isComplete() {
    return isComplete;
  }

  /** Removes the files of these commits that the remaining ones don't need. */
  void remove(Set<Ref> dropped, NamedCommits remaining) throws IOException {
    Map<Folder, List<CityEntry>> byFolder = new HashMap<>();
    dropped.forEach(
        ref -> byFolder.computeIfAbsent(ref.folder(), f -> new ArrayList<>()).add(ref.entry()));
    for (Map.Entry<Folder, List<CityEntry>> folder : byFolder.entrySet()) {
      NavigableMap<Long, CityEntry> stay = kept(folder.getKey(), remaining);
      if (stay.isEmpty()) {
        clear(folder.getKey(), Set.of());
      } else {
        removeFrom(folder.getKey(), folder.getValue(), stay);
      }
    }
  }

  /** Looks through all folders for files that the remaining commits don't need. */
  void sweep(NamedCommits remaining) throws IOException {
    for (Path cityFolder : RepositoryCollector.list(repository.layout().cities())) {
      for (Path path : RepositoryCollector.list(cityFolder)) {
        Optional<Folder> folder = folderOf(cityFolder, path);
        if (folder.isEmpty()) {
          continue;
        }
        Optional<Set<String>> named = names(kept(folder.get(), remaining).values());
        if (named.isPresent()) {
          clear(folder.get(), named.get());
        }
      }
    }
  }

  private NavigableMap<Long, CityEntry> kept(Folder folder, NamedCommits remaining) {
    return held.includes(folder.city()) ? remaining.of(folder) : Collections.emptyNavigableMap();
  }

  private void removeFrom(
      Folder folder, List<CityEntry> dropped, NavigableMap<Long, CityEntry> stay)
      throws IOException {
    Path path = repository.layout().incarnation(folder.city(), folder.incarnation());
    for (CityEntry entry : dropped) {
      if (stay.containsKey(entry.commit())) {
        continue;
      }
      List<CityEntry> neighbours = new ArrayList<>();
      nearest(stay.headMap(entry.commit(), false).descendingMap().values())
          .ifPresent(neighbours::add);
      nearest(stay.tailMap(entry.commit(), false).values()).ifPresent(neighbours::add);
      // What is being served is asked in any case, should the history have forked.
      nearest(stay.descendingMap().values()).ifPresent(neighbours::add);
      Optional<Set<String>> needed = names(neighbours);
      Optional<Set<String>> candidates = names(List.of(entry));
      if (needed.isPresent() && candidates.isPresent()) {
        for (String name : candidates.get()) {
          if (!needed.get().contains(name)) {
            remover.file(path.resolve(name));
          }
        }
      }
    }
  }

  /** The first of these whose city manifest is here: a slave has none of a base it skipped. */
  private Optional<CityEntry> nearest(Collection<CityEntry> entries) {
    return entries.stream().filter(entry -> Files.exists(pathOf(entry))).findFirst();
  }

  /** Removes every file of a folder but these, and the folder if nothing is left. */
  private void clear(Folder folder, Set<String> named) throws IOException {
    Path path = repository.layout().incarnation(folder.city(), folder.incarnation());
    Set<String> announced = upcoming.getOrDefault(folder, Set.of());
    for (Path file : RepositoryCollector.list(path)) {
      String name = String.valueOf(file.getFileName());
      if (!named.contains(name) && !announced.contains(name) && !isBeingWritten(file, name)) {
        remover.file(file);
      }
    }
    if (named.isEmpty()) {
      remover.folder(path);
      remover.folder(repository.layout().cities().resolve(folder.city().folder()));
    }
  }

  private boolean isBeingWritten(Path file, String name) throws IOException {
    if (!name.endsWith(PARTIAL_SUFFIX)) {
      return false;
    }
    try {
      return Files.getLastModifiedTime(file).toInstant().isAfter(unfinishedBefore);
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  /**
   * Names of all files of these commits, city manifests included. A city manifest that is not there
   * names nothing. Empty: one of them is damaged, and what it names is not known.
   */
  private Optional<Set<String>> names(Collection<CityEntry> entries) throws IOException {
    Set<String> names = new HashSet<>();
    for (CityEntry entry : entries) {
      try {
        CityManifest manifest = repository.cityManifest(entry);
        manifest.filesAndRecipes().stream().map(FileEntry::name).forEach(names::add);
        names.add(String.valueOf(pathOf(entry).getFileName()));
        schemas.add(manifest.schema() + ".json");
      } catch (NoSuchFileException e) {
        LOG.trace("{} is not here", e.getFile());
      } catch (FormatException e) {
        LOG.warn("{}; no file beside it is collected", e.getMessage());
        isComplete = false;
        return Optional.empty();
      }
    }
    return Optional.of(names);
  }

  private Path pathOf(CityEntry entry) {
    return repository.layout().resolve(RepositoryLayout.cityManifestName(entry));
  }

  private static Optional<Folder> folderOf(Path cityFolder, Path incarnation) {
    try {
      return Optional.of(
          new Folder(
              City.ofFolder(String.valueOf(cityFolder.getFileName())),
              new Incarnation(String.valueOf(incarnation.getFileName()))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
