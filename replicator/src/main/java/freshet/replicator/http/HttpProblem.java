package freshet.replicator.http;

/** A request that can't be answered as it was asked; the answer says so. */
public final class HttpProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String fix;

  /**
   * A problem.
   *
   * @param status of the answer, 400 or above
   * @param error what is wrong
   * @param fix what to do about it
   */
  public HttpProblem(int status, String error, String fix) {
    super(error);
    this.status = status;
    this.fix = fix;
  }

  /** The answer that tells of it. */
  public HttpAnswer answer() {
    return HttpAnswer.error(status, String.valueOf(getMessage()), fix);
  }
}
