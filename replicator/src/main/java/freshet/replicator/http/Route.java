package freshet.replicator.http;

/**
 * One thing that a server answers.
 *
 * @param method GET (which answers HEAD too) or POST
 * @param path of segments that are literal, {@code {name}} for any one segment, or a last {@code
 *     **} for all that follows
 * @param waits whether it is a long poll, which counts against the waiting requests
 * @param sends whether it sends files, which may take long: a part of the places is not for those
 * @param isOpen whether it is answered without a token too
 * @param handler runs on a virtual thread of its own, and may block
 */
public record Route(
    Method method,
    PathPattern path,
    boolean waits,
    boolean sends,
    boolean isOpen,
    Handler handler) {

  /** The methods that are answered. */
  public enum Method {
    /** Reads; answers HEAD by the same headers without a body. */
    GET,
    /** Hands something over. */
    POST
  }

  /** Answers a request. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers.
     *
     * @throws HttpProblem to answer with that
     * @throws Exception to answer 500; logged
     */
    HttpAnswer handle(HttpRequest request) throws Exception;
  }

  /** A route that answers GET and HEAD. */
  public static Route get(String path, Handler handler) {
    return new Route(Method.GET, PathPattern.of(path), false, false, false, handler);
  }

  /** A route that answers GET and HEAD, also without a token: for load balancers. */
  public static Route open(String path, Handler handler) {
    return new Route(Method.GET, PathPattern.of(path), false, false, true, handler);
  }

  /** A long poll: answers GET and HEAD, perhaps much later. */
  public static Route longPoll(String path, Handler handler) {
    return new Route(Method.GET, PathPattern.of(path), true, false, false, handler);
  }

  /** A route that answers POST. */
  public static Route post(String path, Handler handler) {
    return new Route(Method.POST, PathPattern.of(path), false, false, false, handler);
  }

  /** The same that sends files. */
  public Route sending() {
    return new Route(method, path, waits, true, isOpen, handler);
  }

  /** The same with another handler. */
  public Route with(Handler other) {
    return new Route(method, path, waits, sends, isOpen, other);
  }

  boolean answers(String asked) {
    return asked.equals(method.name()) || (method == Method.GET && asked.equals("HEAD"));
  }
}
