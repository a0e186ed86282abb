package freshet.replicator.publish;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.UpcomingMerge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The merged segments that LATEST announces before a manifest names them. Their files are linked to
 * where the commit that will have them is published. Not thread-safe: its publisher calls it under
 * its own lock.
 */
final class Upcoming {
  private static final Logger LOG = LoggerFactory.getLogger(Upcoming.class);

  private final LocalRepository repository;
  private Map<MergedSegment, UpcomingMerge> placed = Map.of();

  Upcoming(LocalRepository repository) {
    this.repository = repository;
  }

  /**
   * Places these, durably, and forgets all others. One that can't be placed is left out: it is
   * published with its commit all the same.
   *
   * @param current what slaves have, in whose incarnations the files will be named
   */
  void replace(List<MergedSegment> segments, PublisherState state, Snapshot current) {
    Map<MergedSegment, UpcomingMerge> next = new LinkedHashMap<>();
    for (MergedSegment segment : segments) {
      UpcomingMerge known = placed.get(segment);
      if (known != null) {
        next.put(segment, known);
        continue;
      }
      try {
        place(segment, state, current).ifPresent(merge -> next.put(segment, merge));
      } catch (IOException e) {
        LOG.info("city {}: a merge is not announced: {}", segment.city(), e.toString());
      }
    }
    placed = next;
  }

  /** What LATEST is to announce of a snapshot that it names. */
  List<UpcomingMerge> in(Snapshot snapshot) {
    return placed.values().stream()
        .filter(
            merge ->
                snapshot
                    .city(merge.city())
                    .map(CityEntry::incarnation)
                    .equals(Optional.of(merge.incarnation())))
        .toList();
  }

  /** The files of a city that are linked and digested already, by name. */
  Map<String, FileEntry> files(City city, Incarnation incarnation) {
    return placed.values().stream()
        .filter(merge -> merge.city().equals(city) && merge.incarnation().equals(incarnation))
        .flatMap(merge -> merge.files().stream())
        .collect(Collectors.toMap(FileEntry::name, Function.identity()));
  }

  /** Those that LATEST announces. */
  List<MergedSegment> segments(List<UpcomingMerge> announced) {
    List<MergedSegment> segments = new ArrayList<>();
    placed.forEach(
        (segment, merge) -> {
          if (announced.contains(merge)) {
            segments.add(segment);
          }
        });
    return segments;
  }

  private Optional<UpcomingMerge> place(
      MergedSegment segment, PublisherState state, Snapshot current) throws IOException {
    Incarnation published = state.publishedIncarnation(segment.city(), segment.incarnation());
    boolean isPublished =
        current.city(segment.city()).map(CityEntry::incarnation).equals(Optional.of(published));
    if (!isPublished) {
      return Optional.empty();
    }
    Path folder = repository.layout().incarnation(segment.city(), published);
    if (!new CityLinker(folder, null, Map.of(), Map.of())
        .linkDigested(segment.city(), segment.folder(), segment.files())) {
      return Optional.empty();
    }
    FileEntry recipe = recipe(segment, folder, current).orElse(null);
    DurableFiles.syncFolder(folder);
    return Optional.of(new UpcomingMerge(segment.city(), published, segment.files(), recipe));
  }

  private Optional<FileEntry> recipe(MergedSegment segment, Path folder, Snapshot current)
      throws IOException {
    MergeRecipe recipe = segment.recipe();
    Optional<CityEntry> entry = current.city(segment.city());
    return recipe == null || entry.isEmpty()
        ? Optional.empty()
        : new RecipePlacer(folder).place(recipe, repository.cityManifest(entry.get()).files());
  }
}
