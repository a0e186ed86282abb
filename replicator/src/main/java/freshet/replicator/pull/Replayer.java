package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.replay.MergeReplayer;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.MergeRecipe;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes files of merged segments in a folder of its own. What comes out is compared with the
 * manifest's digest, synced, and only then gets its final name; the rest is for the caller to
 * fetch.
 */
final class Replayer {
  private final Traffic traffic;
  private final RepositoryLayout store;
  private final Path work;
  private final ReplayHealth health;

  /**
   * A replayer.
   *
   * @param work folder for what is being made; nobody else uses it
   */
  Replayer(Traffic traffic, RepositoryLayout store, Path work, ReplayHealth health) {
    this.traffic = traffic;
    this.store = store;
    this.work = work;
    this.health = health;
  }

  /** Removes what a replay left that did not end. */
  void clear() throws IOException {
    DurableFiles.deleteTree(work);
  }

  /**
   * Runs a replay.
   *
   * @param place where a file belongs; its folder exists
   * @return the files that did not come out, to be fetched
   */
  List<FileEntry> run(Replay replay, Function<FileEntry, Path> place)
      throws IOException, PullException {
    Path folder = work.resolve(replay.folder().replace('/', '.') + "." + replay.segment());
    try {
      Files.createDirectories(folder);
      make(replay, folder);
      return take(replay, folder, place);
    } catch (RemoteException.Closed e) {
      throw e;
    } catch (IOException e) {
      traffic.failIfHalted();
      health.failed(replay, replay.bytes(), e.toString());
      return replay.outputs();
    } finally {
      DurableFiles.deleteTree(folder);
    }
  }

  private void make(Replay replay, Path folder) throws IOException, PullException {
    for (Map.Entry<String, String> link : replay.links().entrySet()) {
      Files.createLink(folder.resolve(link.getKey()), store.resolve(link.getValue()));
    }
    FileFetcher fetcher = new FileFetcher(traffic, store);
    for (FileEntry file : replay.fetches()) {
      String name = replay.folder() + "/" + file.name();
      fetcher.fetch(name, folder.resolve(file.name()), file.length(), file.sha256());
    }
    long start = health.speeds().start();
    for (MergeRecipe recipe : replay.merges()) {
      traffic.failIfHalted();
      MergeReplayer.replay(recipe, folder);
    }
    health.speeds().replayed(replay.bytes(), start);
  }

  private List<FileEntry> take(Replay replay, Path folder, Function<FileEntry, Path> place)
      throws IOException {
    List<FileEntry> others = new ArrayList<>();
    for (FileEntry file : replay.outputs()) {
      Path made = folder.resolve(file.name());
      if (isSame(made, file)) {
        DurableFiles.syncFile(made);
        FileFetcher.finish(made, place.apply(file));
      } else {
        others.add(file);
      }
    }
    long fetched = others.stream().mapToLong(FileEntry::length).sum();
    if (others.isEmpty()) {
      health.replayed(replay.bytes());
    } else {
      health.failed(replay, fetched, "%s came out other than the master's".formatted(others));
    }
    return others;
  }

  private static boolean isSame(Path made, FileEntry file) throws IOException {
    try {
      return Files.size(made) == file.length() && Digest.ofFile(made).equals(file.sha256());
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
