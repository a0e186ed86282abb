package freshet.replicator.search;

import java.util.List;

/** A search that gave no result. */
public abstract sealed class SearchException extends Exception {
  private static final long serialVersionUID = 1L;

  private SearchException(String message) {
    super(message);
  }

  private SearchException(String message, Throwable cause) {
    super(message, cause);
  }

  /** The status that HTTP has for it. */
  public abstract int httpStatus();

  /** What the asker can do. */
  public abstract String fix();

  /** The request asks for something that can't be. */
  public static final class BadRequest extends SearchException {
    private static final long serialVersionUID = 1L;
    private final String expected;

    /**
     * Names what is wrong.
     *
     * @param thing parameter or field, such as "size" or "field price"
     * @param value found
     * @param expected what would be right
     */
    public BadRequest(String thing, String value, String expected) {
      super("%s is '%s'; expected %s".formatted(thing, brief(value), expected));
      this.expected = expected;
    }

    @Override
    public int httpStatus() {
      return 400;
    }

    @Override
    public String fix() {
      return "expected " + expected;
    }

    private static String brief(String value) {
      return value.length() <= 200 ? value : value.substring(0, 200) + "…";
    }
  }

  /** The snapshot has no such city. */
  public static final class UnknownCity extends SearchException {
    private static final long serialVersionUID = 1L;
    private final transient List<String> nearest;

    /**
     * Names the city.
     *
     * @param nearest names of cities that are spelled alike
     */
    public UnknownCity(String city, List<String> nearest) {
      super("there is no city '%s' in what is served".formatted(city));
      this.nearest = List.copyOf(nearest);
    }

    @Override
    public int httpStatus() {
      return 404;
    }

    @Override
    public String fix() {
      return nearest.isEmpty()
          ? "there are no cities yet"
          : "nearest names: " + String.join(", ", nearest);
    }
  }

  /** Nothing is served yet. */
  public static final class NotReady extends SearchException {
    private static final long serialVersionUID = 1L;

    public NotReady() {
      super("no snapshot is served here yet");
    }

    @Override
    public int httpStatus() {
      return 503;
    }

    @Override
    public String fix() {
      return "wait for the first pull; bin/replicator status says what it waits for";
    }
  }

  /** The index could not be read. */
  public static final class Failed extends SearchException {
    private static final long serialVersionUID = 1L;

    public Failed(String message, Throwable cause) {
      super(message, cause);
    }

    @Override
    public int httpStatus() {
      return 500;
    }

    @Override
    public String fix() {
      return "see this node's log";
    }
  }
}
