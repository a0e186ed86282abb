package freshet.replicator.schema;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit digest of a document's values, by which two versions of it are told apart where their
 * version column can't. It is MurmurHash3 (x64, 128 bits, the lower half) over the values in a form
 * where every value is tagged and has its length.
 */
public final class ContentDigest {
  private static final int SEED = 104_729;

  private ContentDigest() {}

  /** The digest of a document's values, in the order of its schema's fields. */
  public static long of(List<@Nullable Object> values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (Object value : values) {
        write(out, value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail to be written", e);
    }
    byte[] content = bytes.toByteArray();
    return StringHelper.murmurhash3_x64_128(content, 0, content.length, SEED)[0];
  }

  private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeByte(0);
      case String text -> {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(1);
        out.writeInt(utf8.length);
        out.write(utf8);
      }
      case Long number -> {
        out.writeByte(2);
        out.writeLong(number);
      }
      case Double number -> {
        out.writeByte(3);
        out.writeDouble(number);
      }
      case Boolean flag -> out.writeByte(flag ? 4 : 5);
      case Instant instant -> {
        out.writeByte(6);
        out.writeLong(instant.toEpochMilli());
      }
      case GeoPoint point -> {
        out.writeByte(7);
        out.writeDouble(point.latitude());
        out.writeDouble(point.longitude());
      }
      case List<?> list -> {
        out.writeByte(8);
        out.writeInt(list.size());
        for (Object item : list) {
          write(out, item);
        }
      }
      default ->
          throw new IllegalArgumentException("no field holds a " + value.getClass().getName());
    }
  }
}
