package freshet.replicator.serve;

import freshet.replicator.files.Digest;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RebuiltCities;
import freshet.replicator.snapshot.RebuiltCity;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.UpcomingMerge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The files that one LATEST announces before a manifest names them. A master has them where the
 * commit will have them, a slave where it keeps what it fetched ahead, or not yet. Thread-safe.
 */
final class AnnouncedFiles {
  /** Announces nothing. */
  static final AnnouncedFiles NONE = new AnnouncedFiles(null, Map.of(), null);

  private final @Nullable LocalRepository repository;
  private final Map<String, FileEntry> merged;
  private final @Nullable Digest list;

  /** Files of rebuilt cities, once their list is here. */
  private volatile @Nullable Map<String, FileEntry> rebuilt;

  private AnnouncedFiles(
      @Nullable LocalRepository repository, Map<String, FileEntry> merged, @Nullable Digest list) {
    this.repository = repository;
    this.merged = merged;
    this.list = list;
  }

  /** Of this LATEST; what is known of the one before, and the same, is not read again. */
  static AnnouncedFiles of(
      LocalRepository repository, Advertisement latest, AnnouncedFiles before) {
    Map<String, FileEntry> merged = new HashMap<>();
    for (UpcomingMerge merge : latest.upcoming()) {
      for (FileEntry file : merge.filesAndRecipe()) {
        merged.put(RepositoryLayout.fileName(merge.city(), merge.incarnation(), file.name()), file);
      }
    }
    AnnouncedFiles now = new AnnouncedFiles(repository, merged, latest.rebuilt());
    if (now.list != null && now.list.equals(before.list)) {
      now.rebuilt = before.rebuilt;
    }
    return now;
  }

  /** The file of that name, if it is announced and here. */
  Optional<ServedFile> find(String name) throws IOException {
    LocalRepository from = repository;
    if (from == null) {
      return Optional.empty();
    }
    RepositoryLayout layout = from.layout();
    if (list != null && name.equals(RepositoryLayout.rebuiltName(list))) {
      Path file = layout.resolve(name);
      return Files.exists(file)
          ? Optional.of(new ServedFile(file, Files.size(file), list))
          : Optional.empty();
    }
    FileEntry entry = merged.get(name);
    if (entry == null) {
      entry = rebuilt(from).get(name);
    }
    if (entry == null) {
      return Optional.empty();
    }
    Path own = layout.resolve(name);
    Path ahead = layout.resolve(RepositoryLayout.prefetchedName(entry.sha256()));
    Path place = Files.exists(own) ? own : ahead;
    return Files.exists(place)
        ? Optional.of(new ServedFile(place, entry.length(), entry.sha256()))
        : Optional.empty();
  }

  private Map<String, FileEntry> rebuilt(LocalRepository from) throws IOException {
    Map<String, FileEntry> known = rebuilt;
    if (known != null || list == null) {
      return known == null ? Map.of() : known;
    }
    Optional<RebuiltCities> cities = from.rebuilt(list);
    if (cities.isEmpty()) {
      return Map.of();
    }
    Map<String, FileEntry> files = new HashMap<>();
    for (RebuiltCity city : cities.get().cities()) {
      for (FileEntry file : city.files()) {
        files.put(RepositoryLayout.fileName(city.city(), city.incarnation(), file.name()), file);
      }
    }
    rebuilt = files;
    return files;
  }
}
