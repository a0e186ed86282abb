package freshet.replicator.publish;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.SourcePosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a publication changes over the current snapshot.
 *
 * @param entries changed cities, ordered by name
 * @param removed cities of the current snapshot that are no more
 * @param all every city of the new snapshot, ordered by name
 * @param placed what is new in the repository
 * @param aliases cities that are published under another incarnation than they are worked under
 */
record Changes(
    List<CityEntry> entries,
    List<City> removed,
    List<CityEntry> all,
    List<CityPublisher.Placed> placed,
    Map<City, PublisherState.Alias> aliases) {

  /** Places the request's commits in the repository and compares with the current snapshot. */
  static Changes collect(
      CityPublishers publishers,
      PublisherState state,
      Claims.@Nullable Advertised current,
      PublishRequest request,
      Digest schema)
      throws IOException, PublishException {
    Map<City, CityEntry> old = current == null ? Map.of() : current.snapshot().cities();
    SortedMap<City, CityEntry> all = new TreeMap<>(old);
    SortedMap<City, CityEntry> changed = new TreeMap<>();
    Map<City, PublisherState.Alias> aliases = new TreeMap<>(state.aliases());
    List<CityPublisher.Placed> placed = new ArrayList<>();
    Map<City, CityPublisher.Placed> places =
        publishers.place(
            request.commits(),
            (publisher, commit) ->
                publisher.place(
                    commit,
                    state.publishedIncarnation(commit.city(), commit.incarnation()),
                    old.get(commit.city()),
                    schema));
    for (CityCommit commit : request.commits()) {
      City city = commit.city();
      CityEntry last = old.get(city);
      CityPublisher.Placed now = Objects.requireNonNull(places.get(city));
      Incarnation used = now.manifest().incarnation();
      if (used.equals(commit.incarnation())) {
        aliases.remove(city);
      } else {
        aliases.put(city, new PublisherState.Alias(commit.incarnation(), used));
      }
      CityEntry entry = entry(now, request, current);
      if (last == null || !entry.hasSameFilesAs(last)) {
        changed.put(city, entry);
        placed.add(now);
      }
    }
    for (City city : request.removed()) {
      all.remove(city);
      aliases.remove(city);
    }
    all.putAll(changed);
    markBehind(all, changed, request);
    List<City> removed = request.removed().stream().filter(old::containsKey).sorted().toList();
    return new Changes(
        List.copyOf(changed.values()), removed, List.copyOf(all.values()), placed, aliases);
  }

  boolean areNone() {
    return entries.isEmpty() && removed.isEmpty();
  }

  int newFiles() {
    return placed.stream().mapToInt(city -> city.added().size()).sum();
  }

  long newBytes() {
    return placed.stream()
        .flatMap(city -> city.added().stream())
        .mapToLong(FileEntry::length)
        .sum();
  }

  private static CityEntry entry(
      CityPublisher.Placed placed, PublishRequest request, Claims.@Nullable Advertised current) {
    City city = placed.manifest().city();
    return new CityEntry(
        city,
        placed.manifest().incarnation(),
        placed.manifest().commit(),
        placed.digest(),
        placed.manifest().documents(),
        placed.manifest().bytes(),
        Claims.ofEntry(city, request.claim(), current),
        request.behind().get(city));
  }

  /** A city that falls behind, or is so no longer, changes its entry though not its files. */
  private static void markBehind(
      SortedMap<City, CityEntry> all, SortedMap<City, CityEntry> changed, PublishRequest request) {
    for (City city : request.behind().keySet()) {
      if (!all.containsKey(city)) {
        throw new IllegalArgumentException(
            "city %s is behind and has no published commit that could remember its position: hold the whole position back instead"
                .formatted(city));
      }
    }
    for (CityEntry entry : List.copyOf(all.values())) {
      SourcePosition behind = request.behind().get(entry.city());
      if (!Objects.equals(behind, entry.behind())) {
        CityEntry marked =
            new CityEntry(
                entry.city(),
                entry.incarnation(),
                entry.commit(),
                entry.manifest(),
                entry.documents(),
                entry.bytes(),
                entry.readThrough(),
                behind);
        all.put(entry.city(), marked);
        changed.put(entry.city(), marked);
      }
    }
  }
}
