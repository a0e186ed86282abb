package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RebuiltCity;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rebuilt indexes that LATEST announces before a manifest names them. Their files are linked to
 * where the commit that will have them is published, some cities at a time, so that no cycle waits
 * for hundreds. Not thread-safe: its publisher calls it under its own lock.
 */
final class UpcomingRebuild {
  private static final Logger LOG = LoggerFactory.getLogger(UpcomingRebuild.class);
  private static final int CITIES_AT_ONCE = 32;

  private final LocalRepository repository;

  /** What is being linked, and how many of its cities are. */
  private @Nullable RebuiltIndexes placing;

  private int placed;

  /** What is linked, all of it. */
  private @Nullable RebuiltIndexes announced;

  /** Whether nothing is announced, and no list of an earlier process is left. */
  private boolean isOver;

  /** Why the last call linked nothing, so that it is said once. */
  private @Nullable String failure;

  UpcomingRebuild(LocalRepository repository) {
    this.repository = repository;
  }

  /** The list that LATEST is to name of a snapshot; null for none, or if the snapshot has all. */
  @Nullable Digest in(Snapshot snapshot) {
    RebuiltIndexes now = announced;
    return now != null
            && now.cities().cities().stream().anyMatch(city -> !isPublished(city, snapshot))
        ? now.digest()
        : null;
  }

  /** What is linked, or will be. */
  List<RebuiltCity> linked() {
    List<RebuiltCity> all = new ArrayList<>();
    if (announced != null) {
      all.addAll(announced.cities().cities());
    }
    if (placing != null) {
      all.addAll(placing.cities().cities());
    }
    return all;
  }

  /** The files of a city that are linked and digested already, by name. */
  Map<String, FileEntry> files(City city, Incarnation incarnation) {
    RebuiltIndexes now = announced;
    return now == null
        ? Map.of()
        : now.cities().cities().stream()
            .filter(one -> one.city().equals(city) && one.incarnation().equals(incarnation))
            .flatMap(one -> one.files().stream())
            .collect(Collectors.toMap(FileEntry::name, Function.identity()));
  }

  /**
   * Goes on linking these, and forgets others: while newer ones of the same cities are being
   * linked, those of before stay announced. What can't be linked is tried again by the next call.
   *
   * @param wanted null for none
   * @param current what slaves have: folders that it does not name, nor any before it, are removed
   *     once they are not wanted
   */
  void replace(@Nullable RebuiltIndexes wanted, Snapshot current) {
    try {
      if (wanted == null) {
        if (!isOver) {
          end(current);
        }
      } else if (!wanted.equals(announced)) {
        place(wanted);
      }
      failure = null;
    } catch (IOException e) {
      if (!e.toString().equals(failure)) {
        failure = e.toString();
        LOG.info("the rebuilt cities are not announced yet: {}", failure);
      }
    }
  }

  private void place(RebuiltIndexes wanted) throws IOException {
    isOver = false;
    if (!wanted.equals(placing)) {
      placing = wanted;
      placed = 0;
    }
    List<RebuiltCity> cities = wanted.cities().cities();
    int until = Math.min(cities.size(), placed + CITIES_AT_ONCE);
    for (; placed < until; placed++) {
      place(wanted, cities.get(placed));
    }
    if (placed == cities.size()) {
      Digest unused =
          repository.write(RepositoryLayout.rebuiltName(wanted.digest()), wanted.cities());
      announced = wanted;
      placing = null;
      repository.keepRebuilt(Set.of(wanted.digest()));
      LOG.info("{} rebuilt cities are announced to slaves", cities.size());
    }
  }

  private void place(RebuiltIndexes wanted, RebuiltCity city) throws IOException {
    Path folder = repository.layout().incarnation(city.city(), city.incarnation());
    // Not synced: the links are made again after a crash, and Lucene has synced what they lead to.
    Files.createDirectories(folder);
    CityLinker linker = new CityLinker(folder, null, Map.of(), Map.of());
    if (!linker.linkDigested(city.city(), wanted.folder(city.city()), city.files())) {
      throw new IOException(
          "%s has a file of the same name with another content".formatted(folder));
    }
  }

  private void end(Snapshot current) throws IOException {
    for (RebuiltCity city : linked()) {
      Path folder = repository.layout().incarnation(city.city(), city.incarnation());
      if (!isPublished(city, current) && wasNeverPublished(folder)) {
        DurableFiles.deleteTree(folder);
      }
    }
    announced = null;
    placing = null;
    repository.keepRebuilt(Set.of());
    isOver = true;
  }

  private static boolean isPublished(RebuiltCity city, Snapshot snapshot) {
    return snapshot
        .city(city.city())
        .map(CityEntry::incarnation)
        .equals(Optional.of(city.incarnation()));
  }

  private static boolean wasNeverPublished(Path folder) throws IOException {
    try (DirectoryStream<Path> manifests = Files.newDirectoryStream(folder, "c-*.json")) {
      return !manifests.iterator().hasNext();
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
