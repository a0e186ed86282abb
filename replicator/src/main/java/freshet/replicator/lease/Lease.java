package freshet.replicator.lease;

import freshet.replicator.snapshot.Generation;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * A snapshot that somebody is fetching: the content of the holder's file.
 *
 * @param format version of the file's form
 * @param holder by what name it is known, which is the file's name too
 * @param generation the snapshot
 * @param until when it ends unless it is renewed, by the clock of who wrote it
 */
public record Lease(int format, String holder, Generation generation, Instant until) {
  static final int FORMAT = 1;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** Refuses a holder that is no file name. */
  public Lease {
    if (!isName(holder)) {
      throw new IllegalArgumentException(
          "'%.40s' is no name of a lease's holder".formatted(holder));
    }
  }

  /** Whether somebody of that name can hold a lease. */
  public static boolean isName(String holder) {
    return NAME.matcher(holder).matches();
  }
}
