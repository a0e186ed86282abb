package freshet.replicator.schema;

import freshet.replicator.files.Digest;
import freshet.replicator.snapshot.City;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.Incarnation;
import freshet.replicator.snapshot.SnapshotCodec;
import freshet.replicator.snapshot.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a city's commit says of itself in Lucene's user data: without it, documents and position
 * could drift apart.
 *
 * @param city whose index it is
 * @param incarnation history that its files belong to
 * @param schema digest of the schema that it was built by
 * @param position up to where the database was read for it
 */
public record CommitData(
    City city, Incarnation incarnation, Digest schema, SourcePosition position) {
  private static final String CITY = "freshet.city";
  private static final String INCARNATION = "freshet.incarnation";
  private static final String SCHEMA = "freshet.schema";
  private static final String POSITION = "freshet.position";

  /** The user data of a commit. */
  public Map<String, String> toUserData() {
    return Map.of(
        CITY, city.name(),
        INCARNATION, incarnation.value(),
        SCHEMA, schema.hex(),
        POSITION, SnapshotCodec.writeText(position));
  }

  /**
   * Reads a commit's user data.
   *
   * @param what names the commit in a message
   * @throws FormatException if it was not written by Freshet, or is damaged
   */
  public static CommitData of(Map<String, String> userData, String what) throws FormatException {
    try {
      return new CommitData(
          new City(wanted(userData, CITY, what)),
          new Incarnation(wanted(userData, INCARNATION, what)),
          new Digest(wanted(userData, SCHEMA, what)),
          SnapshotCodec.read(
              wanted(userData, POSITION, what).getBytes(StandardCharsets.UTF_8),
              SourcePosition.class,
              "the position in " + what));
    } catch (IllegalArgumentException e) {
      throw new FormatException("the user data of " + what + " is damaged: " + e.getMessage(), e);
    }
  }

  private static String wanted(Map<String, String> userData, String key, String what)
      throws FormatException {
    @Nullable String value = userData.get(key);
    if (value == null) {
      throw new FormatException(what + " has no " + key + " in its user data: not Freshet's");
    }
    return value;
  }
}
