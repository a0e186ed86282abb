package freshet.indexer.source;

/**
 * Something that is not as a poll needs it, or that could be better.
 *
 * @param what is wrong, and what it leads to
 * @param evidence what was found
 * @param fix a statement or a step that puts it right
 * @param isAdvice whether all goes well without it, as far as can be seen
 */
public record Finding(String what, String evidence, String fix, boolean isAdvice) {

  /** What has to be put right. */
  public Finding(String what, String evidence, String fix) {
    this(what, evidence, fix, false);
  }

  /** What can be done, or left. */
  public static Finding advice(String what, String evidence, String fix) {
    return new Finding(what, evidence, fix, true);
  }

  /** The same as found at a place. */
  public Finding at(String place) {
    return new Finding(place + ": " + what, evidence, fix, isAdvice);
  }
}
