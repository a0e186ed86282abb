package freshet.indexer.benchmark.build;

import freshet.replicator.files.DurableFiles;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pipeline that Freshet replaces: an index and a delta index a city, made by two processes of
 * Sphinx's {@code indexer}, and the delta merged into the index. The fields are those of {@link
 * Fields#UNSTORED}. Nothing is synced to disk by it.
 */
public final class Sphinx {
  private static final String PROGRAM = "indexer";
  private static final int PROCESSES = 2;
  private static final Pattern COLLECTED = Pattern.compile("collected (\\d+) docs");

  private final Path folder;
  private final CorpusTable table;
  private final Time time;

  private Sphinx(Path folder, CorpusTable table, Time time) {
    this.folder = folder;
    this.table = table;
    this.time = time;
  }

  /** The version that is installed; empty if none is. */
  public static Optional<String> version() throws InterruptedException {
    try {
      Process process = new ProcessBuilder(PROGRAM).redirectErrorStream(true).start();
      String talk = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return talk.lines().findFirst().filter(line -> line.startsWith("Sphinx "));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Writes its configuration for a table. */
  public static Sphinx create(Path folder, CorpusTable table, Time time)
      throws IOException, SQLException {
    DurableFiles.createFolders(folder);
    Sphinx sphinx = new Sphinx(folder, table, time);
    Files.writeString(sphinx.config(), sphinx.configuration());
    try (Connection connection = table.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE sphinx_since (at DATETIME(6) NOT NULL)");
      statement.execute("INSERT INTO sphinx_since VALUES ('1970-01-02')");
    }
    return sphinx;
  }

  /** Builds all indexes anew. */
  public Duration rebuild() throws IOException, InterruptedException, WrongContent {
    List<StringBuilder> scripts = scripts();
    for (int city = 0; city < table.cities().size(); city++) {
      script(scripts, city).append(city < PROCESSES ? indexer() : "").append(" main_").append(city);
    }
    long start = time.nanoTime();
    String talk = run(scripts);
    Duration took = time.since(start);
    Matcher collected = COLLECTED.matcher(talk);
    long documents = 0;
    while (collected.find()) {
      documents += Long.parseLong(collected.group(1));
    }
    if (documents != table.documents()) {
      throw new WrongContent(
          "Sphinx collected %d documents of %d:%n%s".formatted(documents, table.documents(), talk));
    }
    return took;
  }

  /** Finds the changed cities, builds their deltas and merges them. */
  public Duration increment(CorpusTable.Change change)
      throws IOException, InterruptedException, SQLException, WrongContent {
    long start = time.nanoTime();
    SortedSet<String> changed = changedSince(change.since());
    List<StringBuilder> deltas = scripts();
    List<StringBuilder> merges = scripts();
    int number = 0;
    for (String name : changed) {
      int city = table.cities().indexOf(name);
      script(deltas, number)
          .append(number < PROCESSES ? indexer() : "")
          .append(" delta_")
          .append(city);
      script(merges, number)
          .append(indexer())
          .append(" --merge main_")
          .append(city)
          .append(" delta_")
          .append(city)
          .append(" || exit 1\n");
      number++;
    }
    for (int i = 0; i < Math.min(PROCESSES, number); i++) {
      deltas.get(i).append(" || exit 1\n").append(merges.get(i));
    }
    run(deltas);
    Duration took = time.since(start);
    if (!changed.equals(change.cities())) {
      throw new WrongContent("changed were %s, found %s".formatted(change.cities(), changed));
    }
    return took;
  }

  /** Where its files are. */
  public Path folder() {
    return folder;
  }

  private SortedSet<String> changedSince(String since) throws SQLException {
    try (Connection connection = table.connect();
        Statement update = connection.createStatement();
        PreparedStatement cities =
            connection.prepareStatement(
                "SELECT city FROM listing WHERE updated_at > ?"
                    + " UNION SELECT city FROM listing_deleted WHERE deleted_at > ?")) {
      update.execute("UPDATE sphinx_since SET at = '" + since + "'");
      cities.setString(1, since);
      cities.setString(2, since);
      SortedSet<String> changed = new TreeSet<>();
      try (ResultSet row = cities.executeQuery()) {
        while (row.next()) {
          changed.add(row.getString(1));
        }
      }
      return changed;
    }
  }

  private Path config() {
    return folder.resolve("sphinx.conf");
  }

  private String indexer() {
    return PROGRAM + " --config " + config();
  }

  private static List<StringBuilder> scripts() {
    List<StringBuilder> scripts = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      scripts.add(new StringBuilder());
    }
    return scripts;
  }

  private static StringBuilder script(List<StringBuilder> scripts, int at) {
    return scripts.get(at % PROCESSES);
  }

  /** Runs the scripts side by side; returns what they said. */
  private String run(List<StringBuilder> scripts)
      throws IOException, InterruptedException, WrongContent {
    List<Process> running = new ArrayList<>();
    for (int i = 0; i < scripts.size(); i++) {
      running.add(
          new ProcessBuilder("sh", "-c", scripts.get(i).toString())
              .redirectErrorStream(true)
              .redirectOutput(talk(i).toFile())
              .start());
    }
    StringBuilder all = new StringBuilder();
    boolean failed = false;
    for (int i = 0; i < running.size(); i++) {
      failed |= running.get(i).waitFor() != 0;
      all.append(Files.readString(talk(i)));
    }
    if (failed) {
      throw new WrongContent("Sphinx failed:\n" + all);
    }
    return all.toString();
  }

  private Path talk(int script) {
    return folder.resolve("talk-" + script + ".txt");
  }

  private String configuration() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        source base
        {
          type = mysql
          sql_host = 127.0.0.1
          sql_port = %d
          sql_user = %s
          sql_pass = %s
          sql_db = %s
          sql_query_pre = SET NAMES utf8
          sql_attr_uint = price
          sql_attr_uint = bedrooms
          sql_attr_float = bathrooms
          sql_attr_timestamp = posted
          sql_attr_float = latitude
          sql_attr_float = longitude
        }
        """
            .formatted(
                table.server().port(),
                table.server().rootUser(),
                table.server().rootPassword(),
                table.database()));
    for (int city = 0; city < table.cities().size(); city++) {
      String name = table.cities().get(city);
      String rows =
          "SELECT id, title, body, neighborhood, price, bedrooms, bathrooms,"
              + " UNIX_TIMESTAMP(posted) AS posted, RADIANS(latitude) AS latitude,"
              + " RADIANS(longitude) AS longitude FROM listing WHERE city = '"
              + name
              + "'";
      String since = "> (SELECT at FROM sphinx_since)";
      index(text, "main_" + city, rows, "");
      index(
          text,
          "delta_" + city,
          rows + " AND updated_at " + since,
          """
            sql_query_killlist = SELECT id FROM listing WHERE city = '%1$s' AND updated_at %2$s \\
              UNION SELECT id FROM listing_deleted WHERE city = '%1$s' AND deleted_at %2$s
          """
              .formatted(name, since));
    }
    return text.append("indexer\n{\n  mem_limit = 128M\n}\n").toString();
  }

  private void index(StringBuilder text, String name, String query, String more) {
    text.append("source ").append(name).append(" : base\n{\n  sql_query = ").append(query);
    text.append('\n').append(more).append("}\nindex ").append(name).append("\n{\n  source = ");
    text.append(name).append("\n  path = ").append(folder.resolve(name)).append("\n}\n");
  }
}
