package freshet.replicator.replay;

import freshet.replicator.files.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.util.Version;

/**
 * How segments are written, and a fingerprint of what determines their bytes on this host. The
 * stored fields of {@link #BEST_COMPRESSION} go through the JDK's zlib, which some JDKs link from
 * the system: what it makes of a known input is part of the fingerprint.
 */
public enum MergeCodec {
  /** LZ4, which is Lucene's own. */
  BEST_SPEED(Lucene104Codec.Mode.BEST_SPEED),
  /** Deflate. */
  BEST_COMPRESSION(Lucene104Codec.Mode.BEST_COMPRESSION);

  private static final int KNOWN_BYTES = 64 << 10;
  private static final int SEED = 20;

  /** The level by which Lucene deflates stored fields. */
  private static final int LEVEL = 6;

  private final Lucene104Codec.Mode mode;
  private final String fingerprint;

  MergeCodec(Lucene104Codec.Mode mode) {
    this.mode = mode;
    String deflate =
        mode == Lucene104Codec.Mode.BEST_COMPRESSION ? " deflate-" + deflateAnswer().brief() : "";
    this.fingerprint =
        "lucene-%s %s %s%s".formatted(Version.LATEST, codec().getName(), mode, deflate);
  }

  /** What writes them. */
  public Codec codec() {
    return new Lucene104Codec(mode);
  }

  /** What determines their bytes, beside what is written. */
  public String fingerprint() {
    return fingerprint;
  }

  /** The one that writes here as something of this fingerprint was written; empty if none does. */
  public static Optional<MergeCodec> of(String fingerprint) {
    for (MergeCodec one : values()) {
      if (one.fingerprint.equals(fingerprint)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }

  /** Digest of what deflate makes of text with repetitions, with a dictionary as Lucene sets it. */
  private static Digest deflateAnswer() {
    Random random = new Random(SEED);
    StringBuilder text = new StringBuilder();
    while (text.length() < KNOWN_BYTES) {
      text.append("word").append(random.nextInt(2000)).append(' ');
    }
    byte[] input = text.toString().getBytes(StandardCharsets.US_ASCII);
    int dictionary = input.length / 8;
    Deflater deflater = new Deflater(LEVEL, true);
    try {
      deflater.setDictionary(input, 0, dictionary);
      deflater.setInput(input, dictionary, input.length - dictionary);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return Digest.of(out.toByteArray());
    } finally {
      deflater.end();
    }
  }
}
