package freshet.replicator.pull;

import static java.util.Comparator.comparingLong;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Takes the steps of a plan. On return every file of it is under its final name, durably. */
final class PullExecutor {

  /** How many files came which way. */
  record Counts(int fetched, int packed, int linked, int kept, int replayed, long bytesReplayed) {}

  /** A merge computes, so that more would only take turns. */
  private static final int MERGES_AT_ONCE = 2;

  private final Traffic traffic;
  private final RepositoryLayout store;
  private final PullOptions options;
  private final ReplayHealth health;

  PullExecutor(Traffic traffic, RepositoryLayout store, PullOptions options, ReplayHealth health) {
    this.traffic = traffic;
    this.store = store;
    this.options = options;
    this.health = health;
  }

  /**
   * Takes the steps.
   *
   * @param packs that hold what steps want of packs; read only if one does
   */
  Counts execute(PullPlan.Pull plan, Packs packs) throws IOException, PullException {
    List<PullStep.Link> links = new ArrayList<>();
    List<SmallFiles.Wanted> packed = new ArrayList<>();
    List<PullStep.Fetch> fetches = new ArrayList<>();
    List<Replay> replays = new ArrayList<>();
    Set<Path> folders = new HashSet<>();
    int kept = 0;
    for (PullStep step : plan.steps()) {
      switch (step) {
        case PullStep.HaveAlready have -> kept++;
        case PullStep.Link link -> links.add(link);
        case PullStep.FromPack member ->
            packed.add(new SmallFiles.Wanted(member.name(), member.length(), member.sha256()));
        case PullStep.Fetch fetch -> fetches.add(fetch);
        case PullStep.Remake remake -> replays.add(remake.replay());
      }
      // Also of files that are here: an earlier pull may have ended before it synced the folder.
      folders.add(store.folderOf(step.name()));
    }
    BoundedWork.forEach(
        folders, options.parallelFiles(), traffic, folder -> DurableFiles.createFolders(folder));
    for (PullStep.Link link : links) {
      link(link);
    }
    // What no pack held as its manifest says comes by itself.
    Collection<SmallFiles.Wanted> unpackable = packs.unpack(packed);
    for (SmallFiles.Wanted file : unpackable) {
      fetches.add(new PullStep.Fetch(file.name(), file.length(), file.sha256(), 0));
    }
    List<PullStep.Fetch> unmade = replay(replays);
    fetches.addAll(unmade);
    long start = health.speeds().start();
    fetch(fetches);
    health.speeds().fetched(bytesOf(fetches), start);
    BoundedWork.forEach(
        folders, options.parallelFiles(), traffic, folder -> DurableFiles.syncFolder(folder));
    for (Path folder : folders) {
      removeParts(folder);
    }
    int outputs = replays.stream().mapToInt(one -> one.outputs().size()).sum();
    long bytes = replays.stream().mapToLong(Replay::bytes).sum();
    return new Counts(
        fetches.size(),
        packed.size() - unpackable.size(),
        links.size(),
        kept,
        outputs - unmade.size(),
        bytes - unmade.stream().mapToLong(PullStep.Fetch::length).sum());
  }

  private void fetch(List<PullStep.Fetch> fetches) throws IOException, PullException {
    List<SmallFiles.Wanted> whole = new ArrayList<>();
    List<List<SmallFiles.Wanted>> requests = new ArrayList<>();
    for (PullStep.Fetch fetch : fetches) {
      SmallFiles.Wanted file = new SmallFiles.Wanted(fetch.name(), fetch.length(), fetch.sha256());
      if (fetch.resumeAt() == 0) {
        whole.add(file);
      } else {
        requests.add(List.of(file));
      }
    }
    requests.addAll(SmallFiles.groups(whole, options.parallelFiles()));
    // The largest first, so that the last one does not run alone for long.
    requests.sort(comparingLong(PullExecutor::bytesOfGroup).reversed());
    SmallFiles small =
        new SmallFiles(
            traffic, (file, content) -> FileFetcher.write(store.resolve(file.name()), content));
    FileFetcher fetcher = new FileFetcher(traffic, store);
    BoundedWork.forEach(
        requests,
        options.parallelFiles(),
        traffic,
        request -> {
          for (SmallFiles.Wanted file : small.bring(request)) {
            fetcher.fetch(file.name(), file.length(), file.sha256());
          }
        });
  }

  private static long bytesOfGroup(List<SmallFiles.Wanted> group) {
    return group.stream().mapToLong(SmallFiles.Wanted::length).sum();
  }

  private static long bytesOf(List<PullStep.Fetch> fetches) {
    return fetches.stream().mapToLong(file -> file.length() - file.resumeAt()).sum();
  }

  /** Makes what can be made here, and gives what is to be fetched after all. */
  private List<PullStep.Fetch> replay(List<Replay> replays) throws IOException, PullException {
    Replayer replayer = new Replayer(traffic, store, store.control().resolve("replay"), health);
    replayer.clear();
    Queue<PullStep.Fetch> unmade = new ConcurrentLinkedQueue<>();
    BoundedWork.forEach(
        replays,
        MERGES_AT_ONCE,
        traffic,
        replay -> {
          String folder = replay.folder() + "/";
          for (FileEntry file : replayer.run(replay, made -> store.resolve(folder + made.name()))) {
            unmade.add(new PullStep.Fetch(folder + file.name(), file.length(), file.sha256(), 0));
          }
        });
    return List.copyOf(unmade);
  }

  private void link(PullStep.Link link) throws IOException {
    Path target = store.resolve(link.name());
    Files.deleteIfExists(target);
    Files.createLink(target, store.resolve(link.from()));
  }

  /** All files are here, so what is still unfinished belongs to a pull that was given up. */
  private static void removeParts(Path folder) throws IOException {
    try (DirectoryStream<Path> parts =
        Files.newDirectoryStream(folder, "*" + FileFetcher.PART_SUFFIX)) {
      for (Path part : parts) {
        Files.deleteIfExists(part);
      }
    }
  }
}
