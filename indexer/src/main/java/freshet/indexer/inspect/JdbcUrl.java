package freshet.indexer.inspect;

import freshet.indexer.connect.Endpoint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JDBC address of a database, such as {@code jdbc:mysql://db1:3306,db2/shop?sslMode=REQUIRED}.
 *
 * @param endpoints servers that hold the same data, the preferred one first
 * @param database the default database
 * @param parameters what stands behind the question mark; names in lower case
 */
public record JdbcUrl(List<Endpoint> endpoints, String database, Map<String, String> parameters) {
  private static final int MYSQL_PORT = 3306;
  private static final String EXPECTED =
      "expected is jdbc:mysql://HOST:PORT/DATABASE, such as jdbc:mysql://127.0.0.1:3306/shop";
  private static final Pattern URL =
      Pattern.compile("jdbc:(?:mysql|mariadb)://([^/?]*)/?([^?]*)(?:\\?(.*))?");
  private static final Pattern HOST =
      Pattern.compile("(\\[[^\\]]+\\]|[^:\\[\\]]+)(?::(\\d{1,5}))?");

  /** Copies the collections. */
  public JdbcUrl {
    endpoints = List.copyOf(endpoints);
    parameters = Map.copyOf(parameters);
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none, or holds a password; the message never repeats
   *     what may be one
   */
  public static JdbcUrl parse(String text) {
    Matcher url = URL.matcher(text);
    if (!url.matches()) {
      throw new IllegalArgumentException(
          "--url %s: %s".formatted(text.replaceAll("[@?].*", "…"), EXPECTED));
    }
    if (url.group(1).contains("@")) {
      throw password();
    }
    Map<String, String> parameters = parameters(url.group(3) == null ? "" : url.group(3));
    if (parameters.containsKey("password")) {
      throw password();
    }
    String shown = "--url " + text;
    List<Endpoint> endpoints = new ArrayList<>();
    for (String host : url.group(1).split(",", -1)) {
      endpoints.add(endpoint(host, shown));
    }
    if (url.group(2).isBlank()) {
      throw new IllegalArgumentException(shown + ": it names no database; " + EXPECTED);
    }
    return new JdbcUrl(endpoints, url.group(2), parameters);
  }

  private static IllegalArgumentException password() {
    return new IllegalArgumentException(
        "--url holds an account or a password, which every user of this host can see in the list of"
            + " processes: take it out; give --user NAME, and the password by the environment"
            + " variable FRESHET_DB_PASSWORD or --password-file FILE");
  }

  private static Endpoint endpoint(String text, String shown) {
    Matcher host = HOST.matcher(text);
    if (!host.matches()) {
      throw new IllegalArgumentException(
          "%s: '%s' is no host with a port; %s".formatted(shown, text, EXPECTED));
    }
    try {
      return new Endpoint(
          host.group(1).replaceAll("[\\[\\]]", ""),
          host.group(2) == null ? MYSQL_PORT : Integer.parseInt(host.group(2)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(shown + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.put(
            part.substring(0, equals).toLowerCase(Locale.ROOT), part.substring(equals + 1));
      }
    }
    return parameters;
  }

  /** The account, if it stands there. */
  public Optional<String> user() {
    return Optional.ofNullable(parameters.get("user"));
  }

  /** What is asked of the encryption, as the driver names it in lower case; empty if nothing is. */
  public String sslMode() {
    return parameters.getOrDefault("sslmode", "").toLowerCase(Locale.ROOT);
  }
}
