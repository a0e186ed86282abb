package freshet.replicator.remote;

import com.github.luben.zstd.ZstdInputStream;
import freshet.replicator.runtime.BlockFilter;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body that came compressed. One that is damaged or cut counts as lost, so that it is asked for
 * again; one that no honest server makes is refused. Used by one thread.
 */
final class Unfolding extends BlockFilter {
  /** A window of 8 MiB: what needs more to be unfolded is not from our server. */
  private static final int MAX_WINDOW_LOG = 23;

  /**
   * No block of zstd is longer than 128 KiB, and each unfolds to something. Frames that are to be
   * skipped have no end, and unfold to nothing.
   */
  private static final long MOST_FOR_NOTHING = 1 << 20;

  private final Folded folded;

  private Unfolding(Folded folded, ZstdInputStream unfolded) {
    super(unfolded);
    this.folded = folded;
  }

  /**
   * Unfolds a body.
   *
   * @param what names it in messages
   */
  static Unfolding of(InputStream body, String what) throws IOException {
    Folded folded = new Folded(body, what);
    return new Unfolding(folded, new ZstdInputStream(folded).setLongMax(MAX_WINDOW_LOG));
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    folded.sinceUnfolded = 0;
    try {
      return in.read(buffer, offset, length);
    } catch (RemoteException e) {
      throw e;
    } catch (IOException e) {
      throw new RemoteException.Lost("the compressed body is damaged or cut: " + e, e);
    }
  }

  /** The body as it came. */
  private static final class Folded extends BlockFilter {
    private final String what;
    private long sinceUnfolded;

    Folded(InputStream body, String what) {
      super(body);
      this.what = what;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int n = in.read(buffer, offset, length);
      sinceUnfolded += Math.max(0, n);
      if (sinceUnfolded > MOST_FOR_NOTHING) {
        throw new RemoteException.Unexpected(
            "%s: %d bytes of it unfold to nothing: no Freshet server sends that"
                .formatted(what, sinceUnfolded),
            null);
      }
      return n;
    }
  }
}
