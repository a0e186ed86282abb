package freshet.replicator.config;

import org.jspecify.annotations.Nullable;

/**
 * What a section describes, or nothing if the section has a problem. A section that holds another
 * one takes its value out only in its own {@link ConfigSection#make}, which runs only if both are
 * free of problems.
 *
 * @param <T> what the section describes
 */
public final class Made<T> {
  private final @Nullable T value;

  /** There is no value, since the file has problems. */
  static final class Nothing extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Nothing() {
      super("the configuration has problems");
    }
  }

  Made(@Nullable T value) {
    this.value = value;
  }

  /**
   * The value.
   *
   * @throws IllegalStateException if there is none, since the file has problems
   */
  public T get() {
    if (value == null) {
      throw new Nothing();
    }
    return value;
  }
}
