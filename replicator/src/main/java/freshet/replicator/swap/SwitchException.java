package freshet.replicator.swap;

import freshet.replicator.snapshot.City;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A switch that did not happen; what was live before still is. Retrying and alerting follow the
 * class, never the text.
 */
public abstract sealed class SwitchException extends Exception {
  private static final long serialVersionUID = 1L;

  private SwitchException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Whether another attempt with the same files may succeed. */
  public abstract boolean isTransient();

  /** The files on disk are not what the manifests say. They have to be fetched again. */
  public static final class Damaged extends SwitchException {
    private static final long serialVersionUID = 1L;

    private final transient Set<City> cities;

    public Damaged(String message, Set<City> cities, @Nullable Throwable cause) {
      super(message, cause);
      this.cities = Set.copyOf(cities);
    }

    /** Whose files they are; none if it is the schema. */
    public Set<City> cities() {
      return cities;
    }

    @Override
    public boolean isTransient() {
      return false;
    }
  }

  /** The files could not be read or mapped; nothing is known to be wrong with them. */
  public static final class Unreadable extends SwitchException {
    private static final long serialVersionUID = 1L;

    public Unreadable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }

    @Override
    public boolean isTransient() {
      return true;
    }
  }
}
