package freshet.replicator.lease;

import freshet.replicator.snapshot.Generation;
import java.util.Optional;

/**
 * What a slave says over HTTP with each request, so that the server holds the lease for it: the
 * value of the header {@link #HEADER}.
 *
 * @param holder the slave's name
 * @param generation that it is fetching
 */
public record LeaseClaim(String holder, Generation generation) {
  /** The header's name. */
  public static final String HEADER = "Freshet-Lease";

  /** The claim of a header; empty for one that makes no sense. */
  public static Optional<LeaseClaim> parse(String value) {
    int space = value.indexOf(' ');
    if (space < 0 || !Lease.isName(value.substring(0, space))) {
      return Optional.empty();
    }
    try {
      Generation generation = Generation.parse(value.substring(space + 1));
      return Optional.of(new LeaseClaim(value.substring(0, space), generation));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The header's value. */
  public String text() {
    return holder + " " + generation;
  }
}
