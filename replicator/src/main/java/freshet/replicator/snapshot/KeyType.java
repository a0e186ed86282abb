package freshet.replicator.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The type of one key column. */
public enum KeyType {
  /** A signed integer of up to 64 bits. */
  @JsonProperty("bigint")
  BIGINT,
  /** An unsigned integer of up to 64 bits. */
  @JsonProperty("bigint_unsigned")
  BIGINT_UNSIGNED,
  /** Text that the database compares byte by byte: a binary or ascii_bin/utf8mb4_bin collation. */
  @JsonProperty("string")
  STRING,
  /** Bytes of any length, shown as hexadecimal digits. */
  @JsonProperty("binary")
  BINARY
}
