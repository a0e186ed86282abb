package freshet.replicator.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.util.URIUtil;

/**
 * Which paths a route answers.
 *
 * @param text as it was written, such as {@code /slaves/{name}}
 * @param segments its parts
 */
public record PathPattern(String text, List<String> segments) {
  private static final String REST = "**";

  /** Copies the list. */
  public PathPattern {
    segments = List.copyOf(segments);
  }

  /** The pattern of this text. */
  public static PathPattern of(String text) {
    if (!text.startsWith("/")) {
      throw new IllegalArgumentException("a path begins with '/', not like '" + text + "'");
    }
    List<String> segments = List.of(text.substring(1).split("/", -1));
    int rest = segments.indexOf(REST);
    if (rest >= 0 && rest < segments.size() - 1) {
      throw new IllegalArgumentException("** stands last in a path, not as in '" + text + "'");
    }
    return new PathPattern(text, segments);
  }

  /**
   * The parameters of a path that was sent, decoded; empty if the path is another one. Literal
   * segments match only as they are, so that no encoding makes a second spelling of them.
   */
  Optional<Map<String, String>> match(String rawPath) {
    if (!rawPath.startsWith("/")) {
      return Optional.empty();
    }
    List<String> parts = List.of(rawPath.substring(1).split("/", -1));
    boolean isOpen = segments.getLast().equals(REST);
    int fixed = isOpen ? segments.size() - 1 : segments.size();
    if (isOpen ? parts.size() <= fixed : parts.size() != fixed) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < fixed; i++) {
      String segment = segments.get(i);
      if (segment.startsWith("{")) {
        parameters.put(segment.substring(1, segment.length() - 1), decode(parts.get(i)));
      } else if (!segment.equals(parts.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  private static String decode(String raw) {
    try {
      return URIUtil.decodePath(raw);
    } catch (RuntimeException e) {
      // No valid encoding: a handler sees what was sent, which no name of ours looks like.
      return raw;
    }
  }
}
