package freshet.replicator.remote;

import freshet.replicator.files.Digest;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.BundleRequest;
import freshet.replicator.snapshot.Generation;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A repository somewhere else, to read from. Every call ends within its deadlines, also against a
 * peer that accepts and then says nothing or trickles. Safe for use by several threads.
 */
public interface RemoteRepository extends AutoCloseable {

  /**
   * The remote of an address: {@code http(s)://host:port[/prefix]}, {@code rsync://host/module},
   * {@code file:///folder}, or a folder's path.
   *
   * @throws IllegalArgumentException for an address that is none of these
   */
  static RemoteRepository open(String address, RemoteOptions options, Time time) {
    String lower = address.toLowerCase(Locale.ROOT);
    if (isHttp(address)) {
      return new HttpRemote(HttpRemote.baseOf(address), options, time);
    }
    if (lower.startsWith("rsync://")) {
      return new RsyncRemote(RsyncRemote.baseOf(address), options, time);
    }
    if (lower.startsWith("file:")) {
      return new DirectoryRemote(Path.of(URI.create(address)), options, time);
    }
    if (!isFolder(address)) {
      throw new IllegalArgumentException(
          "a remote is http(s)://host:port[/prefix], rsync://host/module, file:///folder or a"
              + " folder's path, not '"
              + address
              + "'");
    }
    return new DirectoryRemote(Path.of(address), options, time);
  }

  /** Whether an address is one of HTTP, so that a server may be there that is told and asked. */
  static boolean isHttp(String address) {
    return address.matches("(?is)https?://.*");
  }

  /** Whether an address is a folder's path: it does not begin like a URL, mistyped or not. */
  static boolean isFolder(String address) {
    return !address.isBlank() && !address.matches("(?s)[A-Za-z][A-Za-z0-9+.-]+:.*");
  }

  /**
   * The pointer LATEST.
   *
   * @param knownTag tag of the pointer that the caller knows already, null for none
   * @param wait how long to wait for another than the known one; zero asks and returns
   */
  RemotePointer latest(@Nullable String knownTag, Duration wait) throws RemoteException;

  /**
   * A small file, whole.
   *
   * @param name its relative name in the repository
   * @param maxBytes a longer one is refused
   */
  byte[] small(String name, long maxBytes) throws RemoteException;

  /**
   * A file from an offset on. The body's reads throw {@link RemoteException} when bytes stay away
   * longer than the gap, or come slower than the minimum rate.
   *
   * @param name its relative name in the repository
   * @param offset how many bytes the caller has already, less than its length
   * @param sha256 the digest that it is expected to have; not checked here, but a server that says
   *     that it has another sends the whole file
   */
  RemoteBody open(String name, long offset, Digest sha256) throws RemoteException;

  /**
   * Several small files in one answer. They come in the order of the names; those that are not
   * there, or were too much for one answer, are left out. Nothing is known of their content.
   *
   * @param names at most {@link BundleRequest#MAX_NAMES} relative names in the repository
   * @param maxFileBytes a longer file is refused
   * @return to be closed; empty if this remote can't do that
   */
  default Optional<RemoteBundle> bundle(List<String> names, int maxFileBytes)
      throws RemoteException {
    return Optional.empty();
  }

  /**
   * Says which snapshot is being fetched from now on, so that it is not collected meanwhile, as far
   * as the other side can be told. Progress renews that, and it ends by itself.
   *
   * @param generation null once it was fetched
   */
  default void fetching(@Nullable Generation generation) {}

  /**
   * The same remote for one of several who ask it at one time: what it counts as received is what
   * was asked for through it. It ends with the one that was opened, which alone is to be closed.
   */
  RemoteRepository metered();

  /** Bytes of bodies that came through it so far: compressed ones count compressed. */
  long bytesReceived();

  /** What is known by now of the clock on the other side; empty if nothing is. */
  Optional<ClockEstimate> clock();

  /** Its address, for people. */
  String address();

  /** Ends every call that is under way with {@link RemoteException.Closed}. */
  @Override
  void close();
}
