package freshet.replicator.remote;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import freshet.replicator.snapshot.BundleHead;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;

/** Small files on their way in one answer. Used by one thread. */
public final class RemoteBundle implements AutoCloseable {

  /**
   * A file, not verified yet.
   *
   * @param bytes of its own, which nobody else has
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Content(String name, byte[] bytes) {}

  private final InputStream body;
  private final String what;
  private final int maxFileBytes;
  private final Iterator<BundleHead.Member> members;

  private RemoteBundle(InputStream body, String what, int maxFileBytes, BundleHead head) {
    this.body = body;
    this.what = what;
    this.maxFileBytes = maxFileBytes;
    this.members = head.files().iterator();
  }

  /**
   * Reads the head of an answer.
   *
   * @param bytes whose reads have deadlines; closed with this
   * @param what names it in messages
   */
  static RemoteBundle open(InputStream bytes, String what, int maxFileBytes) throws IOException {
    InputStream body = new BufferedInputStream(bytes);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = body.read(); next != '\n'; next = body.read()) {
      if (next < 0) {
        throw new RemoteException.Lost(what + " ended within its head", null);
      }
      if (line.size() == BundleHead.MAX_BYTES) {
        throw new RemoteException.Unexpected(
            "%s has a head of more than %d bytes".formatted(what, BundleHead.MAX_BYTES), null);
      }
      line.write(next);
    }
    try {
      BundleHead head = SnapshotCodec.read(line.toByteArray(), BundleHead.class, "the head");
      return new RemoteBundle(body, what, maxFileBytes, head);
    } catch (FormatException e) {
      throw new RemoteException.Unexpected(what + ": " + e.getMessage(), e);
    }
  }

  /**
   * Of files whose names and lengths are known.
   *
   * @param bytes of all of them, one after the other
   */
  static RemoteBundle of(BundleHead head, InputStream bytes, String what, int maxFileBytes) {
    return new RemoteBundle(bytes, what, maxFileBytes, head);
  }

  /** Whether no file is left. */
  boolean isEmpty() {
    return !members.hasNext();
  }

  /** The next file; empty after the last one. */
  public Optional<Content> next() throws RemoteException {
    if (isEmpty()) {
      return Optional.empty();
    }
    BundleHead.Member member = members.next();
    if (member.length() > maxFileBytes) {
      throw tooLong(member, member.length());
    }
    try {
      byte[] bytes = body.readNBytes((int) member.length());
      if (bytes.length < member.length()) {
        throw new RemoteException.Lost(
            "%s ended within %s, after %d of %d bytes"
                .formatted(what, member.name(), bytes.length, member.length()),
            null);
      }
      return Optional.of(
          new Content(member.name(), member.zstd() ? unfolded(member, bytes) : bytes));
    } catch (RemoteException e) {
      throw e;
    } catch (IOException e) {
      throw new RemoteException.Lost("%s: %s".formatted(what, e), e);
    }
  }

  /** Takes memory for as much as a file may have, whatever the frame says of itself. */
  private byte[] unfolded(BundleHead.Member member, byte[] frame) throws RemoteException {
    long length = Zstd.getFrameContentSize(frame);
    if (length > maxFileBytes) {
      throw tooLong(member, length);
    }
    try {
      if (length >= 0) {
        return Zstd.decompress(frame, (int) length);
      }
    } catch (ZstdException e) {
      throw new RemoteException.Lost(
          "%s: %s can't be unfolded: %s".formatted(what, member.name(), e.getMessage()), e);
    }
    throw new RemoteException.Lost(
        "%s: %s is no frame of zstd that says its length".formatted(what, member.name()), null);
  }

  private RemoteException tooLong(BundleHead.Member member, long length) {
    return new RemoteException.Unexpected(
        "%s: %s has %d bytes, more than the %d that it may have"
            .formatted(what, member.name(), length, maxFileBytes),
        null);
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
