package freshet.replicator.http;

import java.time.Duration;

/** A request that can't be answered as it was asked; the answer says so. */
public final class HttpProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String fix;
  private final Duration retryAfter;

  /**
   * A problem.
   *
   * @param status of the answer, 400 or above
   * @param error what is wrong
   * @param fix what to do about it
   */
  public HttpProblem(int status, String error, String fix) {
    this(status, error, fix, Duration.ZERO);
  }

  /**
   * A problem that passes.
   *
   * @param retryAfter when to ask again, in whole seconds; zero for no advice
   */
  public HttpProblem(int status, String error, String fix, Duration retryAfter) {
    super(error);
    this.status = status;
    this.fix = fix;
    this.retryAfter = retryAfter;
  }

  /** The answer that tells of it. */
  public HttpAnswer answer() {
    HttpAnswer answer = HttpAnswer.error(status, String.valueOf(getMessage()), fix);
    return retryAfter.isZero()
        ? answer
        : answer.with("Retry-After", Long.toString(retryAfter.toSeconds()));
  }
}
