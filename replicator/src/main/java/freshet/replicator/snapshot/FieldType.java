package freshet.replicator.snapshot;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a field of the index holds. */
public enum FieldType {
  /** Words, broken up by the field's analyzer. */
  @JsonProperty("text")
  TEXT,
  /** One term, matched exactly. */
  @JsonProperty("keyword")
  KEYWORD,
  /** A 64-bit integer. */
  @JsonProperty("long")
  LONG,
  /** A 64-bit floating-point number. */
  @JsonProperty("double")
  DOUBLE,
  /** A decimal number of any length, exact. */
  @JsonProperty("decimal")
  DECIMAL,
  /** True or false. */
  @JsonProperty("boolean")
  BOOLEAN,
  /** A point in time, to the millisecond, UTC. */
  @JsonProperty("date")
  DATE,
  /** Latitude and longitude in degrees (WGS 84). */
  @JsonProperty("geo_point")
  GEO_POINT
}
