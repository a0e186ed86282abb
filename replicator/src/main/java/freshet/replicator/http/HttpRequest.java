package freshet.replicator.http;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/** A request, as a handler sees it. Used by one thread. */
public final class HttpRequest {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m)");

  private final Request request;
  private final Map<String, String> pathParameters;
  private final SlowestPeer slowest;
  private final Fields query;

  HttpRequest(Request request, Map<String, String> pathParameters, SlowestPeer slowest)
      throws HttpProblem {
    this.request = request;
    this.pathParameters = pathParameters;
    this.slowest = slowest;
    try {
      this.query = Request.extractQueryParameters(request);
    } catch (RuntimeException e) {
      throw new HttpProblem(
          400, "the query can't be decoded: " + e.getMessage(), "encode it in UTF-8, by percent");
    }
  }

  /** GET, HEAD or POST. */
  public String method() {
    return request.getMethod();
  }

  /** The path as it was sent, not decoded. */
  public String rawPath() {
    return request.getHttpURI().getPath();
  }

  /** What stands in the path for {@code {name}} of the route, decoded. */
  public String pathParameter(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no {" + name + "}");
    }
    return value;
  }

  /** The first value of a query parameter, decoded. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.getValue(name));
  }

  /** All values of a query parameter, decoded, in order. */
  public List<String> queries(String name) {
    return query.getValuesOrEmpty(name);
  }

  /** All query parameters, decoded, in order, so that a handler can refuse unknown ones. */
  public Map<String, List<String>> queries() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (Fields.Field field : query) {
      all.put(field.getName(), List.copyOf(field.getValues()));
    }
    return all;
  }

  /** A query parameter that is a whole number of a range. */
  public int queryInt(String name, int otherwise, int min, int max) throws HttpProblem {
    Optional<String> text = query(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int value = Integer.parseInt(text.get());
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    throw new HttpProblem(
        400,
        "%s=%s".formatted(name, text.get()),
        "give a whole number from %d to %d".formatted(min, max));
  }

  /** A query parameter that is a duration: 500ms, 20s, 2m, or ISO-8601; at most that much. */
  public Duration queryDuration(String name, Duration otherwise, Duration max) throws HttpProblem {
    Optional<String> text = query(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    Optional<Duration> value = duration(text.get());
    if (value.isEmpty() || value.get().isNegative()) {
      throw new HttpProblem(
          400, "%s=%s".formatted(name, text.get()), "give a duration such as 500ms, 20s, 2m");
    }
    return value.get().compareTo(max) > 0 ? max : value.get();
  }

  /** A header's value. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }

  /** Whether the request asks for this media type by its name. */
  public boolean accepts(String mediaType) {
    return header("Accept").map(accept -> accept.contains(mediaType)).orElse(false);
  }

  /**
   * Reads the whole body.
   *
   * @throws HttpProblem with status 413 if it has more bytes than that, 408 if it comes too slowly,
   *     400 if it ends too early
   */
  public byte[] body(int maxBytes) throws HttpProblem {
    return new PatientReader(request, maxBytes, slowest).read();
  }

  private static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      return Optional.of(
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
          });
    }
    try {
      return Optional.of(Duration.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
