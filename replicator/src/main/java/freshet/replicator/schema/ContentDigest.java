package freshet.replicator.schema;

import java.util.List;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit digest of a document's values, by which two versions of it are told apart where their
 * version column can't. It is MurmurHash3 (x64, 128 bits, the lower half) over their {@link
 * ValueBytes}.
 */
public final class ContentDigest {
  private static final int SEED = 104_729;

  private ContentDigest() {}

  /** The digest of a document's values, in the order of its schema's fields. */
  public static long of(List<@Nullable Object> values) {
    // Every row that is read goes through here: it allocates as if by need.
    ValueBytes bytes = new ValueBytes(ValueBytes.estimate(values));
    bytes.putValues(values);
    return StringHelper.murmurhash3_x64_128(bytes.array(), 0, bytes.length(), SEED)[0];
  }
}
