package freshet.replicator.serve;

import freshet.replicator.files.Digest;
import java.nio.file.Path;

/**
 * A file that a manifest names.
 *
 * @param path where it is
 * @param length in bytes
 * @param digest of its content
 */
record ServedFile(Path path, long length, Digest digest) {
  /** The media type of what is compressed already. */
  static final String ZSTD = "application/zstd";

  /** The strong entity tag. */
  String etag() {
    return "\"" + digest + "\"";
  }

  /** Its media type. */
  String mediaType() {
    String name = path.toString();
    if (name.endsWith(".json")) {
      return "application/json";
    }
    return name.endsWith(".zst") ? ZSTD : "application/octet-stream";
  }
}
