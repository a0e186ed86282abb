package freshet.indexer.check;

import freshet.indexer.session.Query;
import freshet.indexer.session.SourceException;
import freshet.indexer.session.Sql;
import freshet.indexer.source.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The account that polls, as this server knows it.
 *
 * @param name in SQL, such as {@code 'freshet'@'%'}
 * @param database the default database
 */
public record Account(String name, String database) {
  private static final Pattern LIMIT =
      Pattern.compile(
          "(MAX_USER_CONNECTIONS|MAX_CONNECTIONS_PER_HOUR|MAX_QUERIES_PER_HOUR) ([1-9][0-9]*)");

  /** The end of "SELECT command denied to user 'u'@'h' for column 'c' in table 't'". */
  private static final Pattern REFUSED_TABLE =
      Pattern.compile("(?:for|in) table (?:[`']([^`']+)[`']\\.)?[`']([^`']+)[`']");

  private static final Pattern GRANT = Pattern.compile("^GRANT (.+?) ON (\\S+) TO ");

  /** SELECT of single columns is not enough. */
  private static final Pattern READING =
      Pattern.compile("(?:^|, )(?:ALL PRIVILEGES|SELECT)(?:,|$)");

  private static final Pattern TRIGGERS =
      Pattern.compile("(?:^|, )(?:ALL PRIVILEGES|TRIGGER)(?:,|$)");

  private static final Pattern REFUSED_FUNCTION = Pattern.compile("for routine '([^']+)'");

  /** The account of a conversation. */
  public static Account read(Conversation server, String database) throws SourceException {
    String name =
        server
            .rows("asking for the account", Query.of("SELECT CURRENT_USER() AS name"))
            .getFirst()
            .getOrDefault("name", "");
    int at = name.lastIndexOf('@');
    return new Account(
        literal(name.substring(0, at)) + "@" + literal(name.substring(at + 1)), database);
  }

  private static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  /** The statement that grants a privilege on a table. */
  public String grant(String privilege, String table) {
    String qualified = table.contains(".") ? table : database + "." + table;
    return "GRANT %s ON %s TO %s".formatted(privilege, Sql.quoted(qualified), name);
  }

  /** The statement that lets the lag be asked for; each kind of server reads its own word. */
  public String grantLag() {
    return "GRANT /*M! REPLICA MONITOR */ /*!80000 REPLICATION CLIENT */ ON *.* TO " + name;
  }

  /**
   * The statement that grants what a server refuses, by the name that it gives; empty if it gives
   * none, or in words that are not known. MySQL leaves the database out: then it is the default
   * one.
   */
  Optional<String> grantRefused(String refusal) {
    Matcher table = REFUSED_TABLE.matcher(refusal);
    if (table.find()) {
      String database = table.group(1);
      return Optional.of(
          grant("SELECT", database == null ? table.group(2) : database + "." + table.group(2)));
    }
    Matcher function = REFUSED_FUNCTION.matcher(refusal);
    return function.find()
        ? Optional.of(
            "GRANT EXECUTE ON FUNCTION %s TO %s".formatted(Sql.quoted(function.group(1)), name))
        : Optional.empty();
  }

  /** Whether the account may read every table of its database, those to come included. */
  public boolean readsWholeDatabase(Conversation server) throws SourceException {
    return grants(server).anyMatch(this::grantsAll);
  }

  /** Whether the account would see a trigger of a table, if there is one. */
  boolean seesTriggers(Conversation server, String table) throws SourceException {
    return grants(server).anyMatch(printed -> grantsTriggers(printed, table));
  }

  /** Whether a grant, as the server prints it, is one to see triggers of a table. */
  boolean grantsTriggers(String printed, String table) {
    String qualified = table.contains(".") ? table : database + "." + table;
    String other = qualified.substring(0, qualified.indexOf('.'));
    return grants(printed, TRIGGERS, Set.of("*.*", other + ".*", qualified));
  }

  private static Stream<String> grants(Conversation server) throws SourceException {
    return server.rows("asking for the grants", Query.of("SHOW GRANTS")).stream()
        .flatMap(row -> row.values().stream());
  }

  /** Whether a grant, as the server prints it, is one to read all tables of the database. */
  boolean grantsAll(String printed) {
    return grants(printed, READING, Set.of("*.*", database + ".*"));
  }

  private static boolean grants(String printed, Pattern privilege, Set<String> places) {
    Matcher grant = GRANT.matcher(printed);
    return grant.find()
        && privilege.matcher(grant.group(1)).find()
        && places.contains(grant.group(2).replaceAll("[`\"\\\\]", ""));
  }

  /** Limits of the account that a poll every second would meet. */
  List<Finding> limits(Conversation server) {
    String declared;
    try {
      declared =
          server
              .rows("asking for the account", Query.of("SHOW CREATE USER CURRENT_USER()"))
              .getFirst()
              .values()
              .toString();
    } catch (SourceException e) {
      // Older servers, proxies, and servers without accounts don't tell.
      return List.of();
    }
    List<String> tooLow = new ArrayList<>();
    Matcher limit = LIMIT.matcher(declared);
    while (limit.find()) {
      if (Long.parseLong(limit.group(2)) < enough(limit.group(1))) {
        tooLow.add(limit.group());
      }
    }
    return tooLow.isEmpty()
        ? List.of()
        : List.of(
            new Finding(
                "the account's limits are so low that polls will be refused",
                "it is declared " + String.join(" ", tooLow),
                "ALTER USER %s WITH MAX_USER_CONNECTIONS 0 MAX_CONNECTIONS_PER_HOUR 0 MAX_QUERIES_PER_HOUR 0"
                    .formatted(name)));
  }

  /** For the poll, a doctor beside it, and reconnects; ten queries a second. */
  private static long enough(String limit) {
    return switch (limit) {
      case "MAX_USER_CONNECTIONS" -> 3;
      case "MAX_CONNECTIONS_PER_HOUR" -> 1_000;
      default -> 36_000;
    };
  }
}
