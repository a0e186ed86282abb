package freshet.replicator.pull;

import freshet.replicator.files.Digest;
import freshet.replicator.remote.RemoteBundle;
import freshet.replicator.remote.RemoteException;
import freshet.replicator.snapshot.BundleHead;
import freshet.replicator.snapshot.BundleRequest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FileEntry;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.RepositoryLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings many small files in few requests, where the remote can do that: a first pull of hundreds
 * of cities would else wait for thousands of answers.
 */
final class SmallFiles {
  /** A larger one comes by itself, which can be resumed. */
  static final int MOST_BYTES = 1 << 20;

  /** Of a file whose length is not known: such are manifests. */
  private static final int USUAL_BYTES = 4 << 10;

  /**
   * A file that is to come.
   *
   * @param length as its manifest says, {@link #UNKNOWN} where none does
   */
  record Wanted(String name, long length, Digest sha256) {
    /** Of a file that is named without its length. */
    static final long UNKNOWN = -1;

    /** An index file, or a recipe, that a manifest names. */
    static Wanted of(City city, Incarnation incarnation, FileEntry file) {
      return new Wanted(
          RepositoryLayout.fileName(city, incarnation, file.name()), file.length(), file.sha256());
    }

    boolean isSmall() {
      return length <= MOST_BYTES;
    }

    /** Whether it can be one of that length. */
    boolean mayHave(long bytes) {
      return length == UNKNOWN || length == bytes;
    }

    private long weight() {
      return length == UNKNOWN ? USUAL_BYTES : length;
    }

    /** Whether that is its content. */
    boolean is(byte[] bytes) {
      return mayHave(bytes.length) && Digest.of(bytes).equals(sha256);
    }
  }

  /** Takes a file's verified content. */
  interface Sink {
    void take(Wanted file, byte[] content) throws IOException;
  }

  private final Traffic traffic;
  private final Sink sink;

  SmallFiles(Traffic traffic, Sink sink) {
    this.traffic = traffic;
    this.sink = sink;
  }

  /**
   * What one request each is for: small files together, in their order, and large ones alone.
   *
   * @param atATime requests, among which much is divided
   */
  static List<List<Wanted>> groups(Collection<Wanted> files, int atATime) {
    List<List<Wanted>> groups = new ArrayList<>();
    long all = files.stream().filter(Wanted::isSmall).mapToLong(Wanted::weight).sum();
    long most = Math.clamp(all / atATime, MOST_BYTES, BundleHead.MAX_FILE_BYTES / 2);
    List<Wanted> group = new ArrayList<>();
    long bytes = 0;
    for (Wanted file : files) {
      if (!file.isSmall()) {
        groups.add(List.of(file));
        continue;
      }
      boolean isFull = group.size() == BundleRequest.MAX_NAMES || bytes + file.weight() > most;
      if (isFull && !group.isEmpty()) {
        groups.add(group);
        group = new ArrayList<>();
        bytes = 0;
      }
      group.add(file);
      bytes += file.weight();
    }
    if (!group.isEmpty()) {
      groups.add(group);
    }
    return groups;
  }

  /**
   * Brings the files of a group.
   *
   * @return those that did not come as they should: to be asked for one by one, which tells why
   */
  Collection<Wanted> bring(List<Wanted> group) throws IOException, PullException {
    Map<String, Wanted> left = new LinkedHashMap<>();
    group.forEach(file -> left.put(file.name(), file));
    int before = Integer.MAX_VALUE;
    // A single one is better asked for by itself: then it can be resumed.
    while (left.size() > 1 && left.size() < before) {
      before = left.size();
      try {
        Optional<RemoteBundle> answer = traffic.bundle(List.copyOf(left.keySet()), MOST_BYTES);
        if (answer.isEmpty()) {
          break;
        }
        try (RemoteBundle bundle = answer.get()) {
          take(bundle, left);
        }
      } catch (RemoteException.Lost | RemoteException.Stalled | RemoteException.Unexpected e) {
        break;
      }
    }
    return left.values();
  }

  private void take(RemoteBundle bundle, Map<String, Wanted> left)
      throws IOException, PullException {
    for (Optional<RemoteBundle.Content> next = bundle.next();
        next.isPresent();
        next = bundle.next()) {
      Wanted file = left.get(next.get().name());
      if (file != null && file.is(next.get().bytes())) {
        sink.take(file, next.get().bytes());
        left.remove(file.name());
      }
      traffic.giveWay();
    }
  }
}
