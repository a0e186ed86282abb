package freshet.replicator.runtime;

/** How many there are of something, as people say it: {@code 1 row}, {@code 1,204 rows}. */
public final class Count {
  private Count() {}

  /**
   * With a word whose plural ends in s.
   *
   * @param one such as {@code row}
   */
  public static String of(long count, String one) {
    return of(count, one, one + "s");
  }

  /**
   * With both forms.
   *
   * @param one such as {@code city}, or with what follows, such as {@code row was}
   * @param many such as {@code cities}, or {@code rows were}; also of none
   */
  public static String of(long count, String one, String many) {
    return "%,d %s".formatted(count, count == 1 ? one : many);
  }
}
