package freshet.replicator.pull;

import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.CityEntry;
import freshet.replicator.snapshot.CityManifest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.PackEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decides what a pull does. Pure. */
final class PullPlanner {
  /** Room for manifests, folders and what a file system needs beside the bytes of files. */
  private static final long SLACK_BYTES = 4L << 20;

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
   * Whether to fetch the generation's pack before anything else: it holds what is new since the
   * generation before, so only a slave that has that one needs all of it.
   *
   * @param changed cities whose manifests are not here yet
   */
  static boolean fetchesPack(
      Snapshot target, @Nullable Snapshot current, Collection<CityEntry> changed) {
    PackEntry pack = target.manifest().pack();
    return pack != null
        && current != null
        && !changed.isEmpty()
        && target.generation().number() == current.generation().number() + 1
        && pack.length() <= changed.stream().mapToLong(CityEntry::bytes).sum();
  }

  /**
   * How each file of these cities gets here.
   *
   * @param reserveBytes free space to leave
   * @param folder the store's, to name it
   */
  static PullPlan plan(
      Collection<CityManifest> cities, Inventory inventory, long reserveBytes, String folder) {
    List<PullStep> steps = new ArrayList<>();
    long toFetch = 0;
    long toWrite = 0;
    for (CityManifest city : cities) {
      for (FileEntry file : city.files()) {
        String name = RepositoryLayout.fileName(city.city(), city.incarnation(), file.name());
        PullStep step = step(name, file, inventory);
        steps.add(step);
        if (step instanceof PullStep.Fetch fetch) {
          toFetch += fetch.length() - fetch.resumeAt();
          toWrite += fetch.length() - fetch.resumeAt();
        } else if (step instanceof PullStep.FromPack packed) {
          toWrite += packed.length();
        }
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
    long needed = bytes + SLACK_BYTES;
    return freeBytes - reserveBytes >= needed
        ? null
        : new Refusal.LowDisk(folder, needed, freeBytes, reserveBytes);
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
