package freshet.replicator.pull;

import static java.util.stream.Collectors.toSet;

import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.snapshot.SnapshotManifest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.util.Version;
import org.jspecify.annotations.Nullable;

/** Decides what a pull does. Pure. */
final class PullPlanner {
  /** Room for manifests, folders and what a file system needs beside the bytes of files. */
  private static final long SLACK_BYTES = 4L << 20;

  /** Who is further behind needs little of what each generation brought. */
  static final int MOST_PACKS = 10;

  private static final Pattern LUCENE = Pattern.compile("([0-9]{1,4})\\.([0-9]{1,4})(\\..*)?");

  private PullPlanner() {}

  /**
   * Whether to follow an offered pointer.
   *
   * @param seen the highest snapshot that the store remembers, null for none
   * @param held the store's pointer, null if there is none
   */
  static Admission admit(Advertisement offered, @Nullable Seen seen, @Nullable Advertisement held) {
    Seen highest = highest(seen, held);
    if (highest == null) {
      return new Admission.Admit();
    }
    if (!highest.repository().equals(offered.repository())) {
      return new Admission.Refuse(
          new Refusal.OtherRepository(highest.repository(), offered.repository()));
    }
    int order = offered.generation().compareTo(highest.generation());
    if (order < 0) {
      return new Admission.Refuse(new Refusal.Older(highest.generation(), offered.generation()));
    }
    if (order == 0 && !offered.manifest().equals(highest.manifest())) {
      return new Admission.Refuse(
          new Refusal.Conflicting(offered.generation(), highest.manifest(), offered.manifest()));
    }
    if (held != null && held.generation().equals(offered.generation())) {
      return new Admission.Current(isFresher(offered, held));
    }
    return new Admission.Admit();
  }

  /**
   * The cities whose files differ from the store's, or all if the store's are not known.
   *
   * @param wanted which of them count
   */
  static List<CityEntry> changed(Snapshot target, @Nullable Snapshot current, CitySubset wanted) {
    return target.cities().values().stream()
        .filter(entry -> wanted.includes(entry.city()))
        .filter(
            entry ->
                current == null
                    || !current.city(entry.city()).map(entry::hasSameFilesAs).orElse(false))
        .toList();
  }

  /**
   * Whether to fetch a generation's pack before anything else: it holds what was new then, so a
   * slave that follows closely needs most of it.
   *
   * @param changed cities whose manifests are not here yet
   */
  static boolean fetchesPack(SnapshotManifest generation, Collection<CityEntry> changed) {
    PackEntry pack = generation.pack();
    Set<City> cities = generation.cities().stream().map(CityEntry::city).collect(toSet());
    long bytes =
        changed.stream()
            .filter(entry -> cities.contains(entry.city()))
            .mapToLong(CityEntry::bytes)
            .sum();
    return pack != null && bytes > 0 && pack.length() <= bytes;
  }

  /**
   * How each file of these cities gets here.
   *
   * @param recipes of merges that may be replayed
   * @param reserveBytes free space to leave
   * @param folder the store's, to name it
   */
  static PullPlan plan(
      Collection<CityManifest> cities,
      Inventory inventory,
      CityRecipes recipes,
      long reserveBytes,
      String folder) {
    List<PullStep> steps = new ArrayList<>();
    for (CityManifest city : cities) {
      Map<String, List<FileEntry>> toFetch = new LinkedHashMap<>();
      for (FileEntry file : city.files()) {
        PullStep step = step(nameOf(city, file), file, inventory);
        if (step instanceof PullStep.Fetch) {
          toFetch.computeIfAbsent(file.segment(), segment -> new ArrayList<>()).add(file);
        } else {
          steps.add(step);
        }
      }
      steps.addAll(remakeOrFetch(city, toFetch, inventory, recipes));
    }
    long toFetch = 0;
    long toWrite = 0;
    for (PullStep step : steps) {
      switch (step) {
        case PullStep.Fetch fetch -> {
          toFetch = sum(toFetch, fetch.length() - fetch.resumeAt());
          toWrite = sum(toWrite, fetch.length() - fetch.resumeAt());
        }
        case PullStep.Remake remake -> {
          toFetch = sum(toFetch, remake.replay().bytesToFetch());
          toWrite = sum(toWrite, remake.replay().bytesToFetch());
          // A compound file is put together from files that are as large as it is.
          toWrite = sum(toWrite, sum(remake.replay().bytes(), remake.replay().bytes()));
        }
        case PullStep.FromPack packed -> toWrite = sum(toWrite, packed.length());
        case PullStep.HaveAlready have -> {}
        case PullStep.Link link -> {}
      }
    }
    if (toWrite > 0) {
      Refusal.LowDisk low = lowDisk(toWrite, inventory.freeBytes(), reserveBytes, folder);
      if (low != null) {
        return new PullPlan.Refused(low);
      }
    }
    return new PullPlan.Pull(steps, toFetch, toWrite);
  }

  /** Whether one of a city's recipes makes enough of what would have to be fetched. */
  static boolean wantsRecipes(CityManifest city, Inventory inventory) {
    Map<String, Long> bytes = new HashMap<>();
    for (FileEntry file : city.files()) {
      if (step(nameOf(city, file), file, inventory) instanceof PullStep.Fetch) {
        bytes.merge(file.segment(), file.length(), Long::sum);
      }
    }
    return city.recipes().stream()
        .anyMatch(
            recipe -> bytes.getOrDefault(recipe.segment(), 0L) >= ReplayPlanner.WORTHWHILE_BYTES);
  }

  private static List<PullStep> remakeOrFetch(
      CityManifest city,
      Map<String, List<FileEntry>> bySegment,
      Inventory inventory,
      CityRecipes recipes) {
    ReplayPlanner replays =
        recipes.planner(city.city(), city.incarnation(), file -> here(city, file, inventory));
    List<PullStep> steps = new ArrayList<>();
    bySegment.forEach(
        (segment, files) -> {
          Optional<Replay> replay = replays.plan(segment, files);
          replay.ifPresent(one -> steps.add(new PullStep.Remake(one)));
          List<FileEntry> made = replay.map(Replay::outputs).orElse(List.of());
          for (FileEntry file : files) {
            if (!made.contains(file)) {
              steps.add(step(nameOf(city, file), file, inventory));
            }
          }
        });
    return steps;
  }

  /** Where a file's content is here: by what a manifest says of it, or under its name. */
  private static @Nullable String here(CityManifest city, FileEntry file, Inventory inventory) {
    String same = inventory.byDigest().get(file.sha256());
    if (same != null) {
      return same;
    }
    String name = nameOf(city, file);
    Long length = inventory.lengths().get(name);
    return length != null && length == file.length() ? name : null;
  }

  private static String nameOf(CityManifest city, FileEntry file) {
    return RepositoryLayout.fileName(city.city(), city.incarnation(), file.name());
  }

  /** Why a snapshot's indexes can't be read here, null if they can. */
  static Refusal.@Nullable NewerLucene newerLucene(Snapshot target, Version here) {
    String written = target.manifest().lucene();
    Matcher matcher = LUCENE.matcher(written);
    if (matcher.matches()) {
      int major = Integer.parseInt(matcher.group(1));
      int minor = Integer.parseInt(matcher.group(2));
      // Also within a major version files get new formats.
      if (major < here.major || (major == here.major && minor <= here.minor)) {
        return null;
      }
    }
    return new Refusal.NewerLucene(target.generation(), written, here.toString());
  }

  /** Why a remote that holds some cities only can't be pulled from, null if it can. */
  static Refusal.@Nullable Partial partial(
      Snapshot target, CitySubset wanted, CitySubset held, String remote) {
    List<City> lacking =
        target.cities().keySet().stream()
            .filter(city -> wanted.includes(city) && !held.includes(city))
            .toList();
    return lacking.isEmpty()
        ? null
        : new Refusal.Partial(remote, lacking.getFirst(), lacking.size(), held);
  }

  /** Why this many bytes can't be written, null if they can. */
  static Refusal.@Nullable LowDisk lowDisk(
      long bytes, long freeBytes, long reserveBytes, String folder) {
    long needed = sum(bytes, SLACK_BYTES);
    return freeBytes - reserveBytes >= needed
        ? null
        : new Refusal.LowDisk(folder, needed, freeBytes, reserveBytes);
  }

  /** Of two sizes; what no disk has is no reason to count on from the other end. */
  private static long sum(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  private static PullStep step(String name, FileEntry file, Inventory inventory) {
    Long here = inventory.lengths().get(name);
    if (here != null && here == file.length()) {
      return new PullStep.HaveAlready(name);
    }
    String same = inventory.byDigest().get(file.sha256());
    if (same != null && !same.equals(name)) {
      return new PullStep.Link(name, same);
    }
    Long packed = inventory.packed().get(name);
    if (packed != null && packed == file.length()) {
      return new PullStep.FromPack(name, file.length(), file.sha256());
    }
    long part = inventory.partLengths().getOrDefault(name, 0L);
    return new PullStep.Fetch(name, file.length(), file.sha256(), part > file.length() ? 0 : part);
  }

  private static @Nullable Seen highest(@Nullable Seen seen, @Nullable Advertisement held) {
    if (held == null) {
      return seen;
    }
    return seen == null || held.generation().isAfter(seen.generation()) ? Seen.of(held) : seen;
  }

  /**
   * Claims about one snapshot stay true, so the one that reaches further wins; an older pointer
   * from a mirror that lags must not make the store look staler than it is.
   */
  private static boolean isFresher(Advertisement offered, Advertisement held) {
    Instant offeredThrough = offered.readThrough();
    Instant heldThrough = held.readThrough();
    return !offered.equals(held)
        && (!offered.advertisedAt().isBefore(held.advertisedAt())
            || (offeredThrough != null
                && (heldThrough == null || offeredThrough.isAfter(heldThrough))));
  }
}
