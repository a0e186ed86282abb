package freshet.indexer.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.indexer.embedded.DatabaseFixture;
import freshet.indexer.quarantine.FileQuarantine;
import freshet.replicator.command.Json;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.search.SearchJson;
import freshet.replicator.search.SearchLimits;
import freshet.replicator.search.SearchParameters;
import freshet.replicator.search.SearchService;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.swap.SnapshotSwitch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The table "From MySQL types to fields" of docs/configuration.md, row by row: a column of each
 * type with its extremes, from the table to a hit. All cases share one table and one build: row n
 * holds the nth value of each; row 0 holds NULL everywhere; each value that sets its row aside has
 * a row of its own.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FieldTypesIT {
  private static final Path HOME = Path.of(System.getProperty("freshet.home", ".."));
  private static final int FIRST_BAD = 1_000;
  private static final List<TypeCase> CASES = TypeCases.all();

  @RegisterExtension static final DatabaseFixture DATABASE = new DatabaseFixture();

  private final Map<Long, String> reasons = new TreeMap<>();
  private TypeTable table;
  private SnapshotSwitch snapshots;
  private SearchService service;

  @BeforeAll
  void build(@TempDir Path folder) throws Exception {
    table = new TypeTable(DATABASE, folder);
    List<String> columns = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    int most = 0;
    for (int i = 0; i < CASES.size(); i++) {
      columns.add("c" + i + " " + CASES.get(i).type + " NULL");
      fields.add("{name: f%d, column: c%d, %s}".formatted(i, i, CASES.get(i).field));
      most = Math.max(most, CASES.get(i).values.size());
    }
    List<String> rows = new ArrayList<>();
    for (int n = 0; n <= most; n++) {
      List<String> values = new ArrayList<>();
      for (TypeCase one : CASES) {
        values.add(n == 0 || n > one.values.size() ? "NULL" : one.values.get(n - 1).sql());
      }
      rows.add(row(n, values));
    }
    for (int i = 0; i < CASES.size(); i++) {
      for (TypeCase.Bad bad : CASES.get(i).bad) {
        List<String> values = new ArrayList<>(Collections.nCopies(CASES.size(), "NULL"));
        values.set(i, bad.sql());
        rows.add(row(FIRST_BAD + rows.size(), values));
      }
    }
    table.create("id BIGINT NOT NULL PRIMARY KEY", columns);
    table.insert(rows);
    table.configure("{column: id, type: bigint}", fields);
    table.run(0, "build");
    FileQuarantine.look(folder.resolve("data/quarantine.jsonl"))
        .forEach(one -> reasons.put(Long.valueOf(one.row().id()), one.row().reason()));
    LocalRepository repository = table.repository();
    Advertisement latest = repository.latest().orElseThrow();
    snapshots = new SnapshotSwitch(repository, 2, new SystemTime());
    snapshots.switchTo(repository.snapshot(latest), latest);
    service = new SearchService(snapshots, SearchLimits.DEFAULT, new SystemTime());
  }

  private static String row(int id, List<String> values) {
    return "(%d, 'c', '2026-01-01', %s)".formatted(id, String.join(", ", values));
  }

  @AfterAll
  void close() throws Exception {
    if (snapshots != null) {
      snapshots.close();
    }
  }

  static Stream<TypeCase> cases() {
    return CASES.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyValueIsReturnedAndFound(TypeCase type) throws Exception {
    String field = "f" + CASES.indexOf(type);
    for (int n = 0; n <= type.values.size(); n++) {
      JsonNode value = documents().get((long) n).path("fields").path(field);
      String expected = n == 0 ? null : type.values.get(n - 1).stored();
      assertThat(text(value)).as("row %d of %s", n, type).isEqualTo(expected);
    }
    Map<String, Set<Long>> found = new LinkedHashMap<>();
    for (int n = 1; n <= type.values.size(); n++) {
      String filter = type.values.get(n - 1).filter();
      if (filter != null) {
        found.computeIfAbsent(filter, unused -> new TreeSet<>()).add((long) n);
      }
    }
    for (Map.Entry<String, Set<Long>> one : found.entrySet()) {
      assertThat(new TreeSet<>(filtered(field, one.getKey())))
          .as("%s by %s", type, one.getKey())
          .isEqualTo(one.getValue());
    }
    for (String filter : type.vain) {
      assertThat(filtered(field, filter)).as("%s by %s", type, filter).isEmpty();
    }
    if (type.sorted != null) {
      List<Long> order = Stream.of(type.sorted.split(" ")).map(Long::valueOf).toList();
      List<Long> ascending = ids("sort", field + ":asc");
      assertThat(ascending.subList(0, order.size())).as("%s", type).isEqualTo(order);
      List<Long> descending = ids("sort", field + ":desc");
      assertThat(descending.subList(0, order.size())).as("%s", type).isEqualTo(order.reversed());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatCannotBeAValueSetsItsRowAsideWithTheReason(TypeCase type) throws Exception {
    String prefix = "field f%d (".formatted(CASES.indexOf(type));
    List<String> own = reasons.values().stream().filter(r -> r.startsWith(prefix)).toList();
    assertThat(own).as("%s", reasons).hasSameSizeAs(type.bad);
    for (int i = 0; i < own.size(); i++) {
      assertThat(own.get(i)).contains(type.bad.get(i).reason());
    }
    assertThat(documents().keySet()).allMatch(id -> id < FIRST_BAD);
  }

  @Test
  void everyRowOfTheDocumentedTableHasACase() throws Exception {
    List<String> lines = Files.readAllLines(HOME.resolve("docs/configuration.md"));
    int start = lines.indexOf("### From MySQL types to fields");
    assertThat(start).isPositive();
    Set<String> documented =
        lines.stream()
            .skip(start)
            .dropWhile(line -> !line.startsWith("|---"))
            .skip(1)
            .takeWhile(line -> line.startsWith("|"))
            .map(line -> line.split("\\|", -1)[1].strip())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> tested = new TreeSet<>(KeyTypesIT.ROWS);
    CASES.forEach(type -> tested.add(type.row));

    assertThat(tested).isEqualTo(documented);
  }

  private Map<Long, JsonNode> documents() throws Exception {
    Map<Long, JsonNode> documents = new TreeMap<>();
    search(Map.of()).forEach(hit -> documents.put(hit.path("id").asLong(), hit));
    return documents;
  }

  private List<Long> filtered(String field, String filter) throws Exception {
    return filter.startsWith("near ")
        ? ids("near", field + ":" + filter.substring(5))
        : ids("filter", field + ":" + filter);
  }

  private List<Long> ids(String parameter, String value) throws Exception {
    List<Long> ids = new ArrayList<>();
    search(Map.of(parameter, List.of(value))).forEach(hit -> ids.add(hit.path("id").asLong()));
    return ids;
  }

  private JsonNode search(Map<String, List<String>> parameters) throws Exception {
    Map<String, List<String>> all = new LinkedHashMap<>(parameters);
    all.put("q", List.of("*"));
    all.put("city", List.of("*"));
    all.put("size", List.of("100"));
    return Json.tree(SearchJson.of(service.search(SearchParameters.parse(all)))).path("hits");
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() ? null : value.isValueNode() ? value.asText() : value.toString();
  }

  /** All that has no sensible meaning, in one configuration. */
  @Test
  void whatHasNoMeaningIsRefusedWithColumnTypeAndFix(@TempDir Path folder) throws Exception {
    List<String> refused =
        List.of(
            "BIGINT | date | type: long",
            "YEAR | date | type: long",
            "DECIMAL(10,2) | date | FROM_UNIXTIME",
            "BIT(8) | date | type: long",
            "DATE | long | type: date",
            "DATETIME(6) | double | type: date",
            "TIMESTAMP NULL | boolean | type: date",
            "TIME | date | type: long, in milliseconds",
            "TIME | double | type: long, in milliseconds",
            "GEOMETRY | keyword | type: geo_point",
            "VARCHAR(9) | geo_point | latitude and longitude",
            "BINARY(16) | keyword | format: uuid",
            "CHAR(36) | keyword, format: uuid | take format out",
            "BLOB | date | table.query",
            "BIGINT UNSIGNED | keyword, path: $.a | take path out");
    List<String> columns = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < refused.size(); i++) {
      String[] parts = refused.get(i).split(" \\| ");
      columns.add("c%d %s".formatted(i, parts[0]));
      fields.add("{name: f%d, column: c%d, type: %s}".formatted(i, i, parts[1]));
    }
    TypeTable other = new TypeTable(DATABASE, folder, "refused");
    other.create("id BIGINT NOT NULL PRIMARY KEY", columns);
    other.configure("{column: id, type: bigint}", fields);
    String found = other.run(1, "check-config");
    String[] lines =
        found.lines().filter(line -> line.contains("can't become field")).toArray(String[]::new);
    assertThat(lines).as(found).hasSize(refused.size());
    for (int i = 0; i < lines.length; i++) {
      String[] parts = refused.get(i).split(" \\| ");
      assertThat(lines[i])
          .contains("column c%d of table refused can't become field f%d".formatted(i, i))
          .contains("found it is a " + parts[0].replaceAll("[( ].*", ""))
          .contains(parts[2]);
    }
    // The start refuses the first; and so does a query of the user's.
    assertThat(other.run(78, "build"))
        .contains("column c0 of table refused can't become field f0: it is a BIGINT");
    other.configure(
        "{column: id, type: bigint}",
        List.of("{name: day, type: date}"),
        "query: SELECT id, city, v, YEAR(v) AS day FROM refused WHERE id IN (:keys)");
    assertThat(other.run(78, "build")).contains("column day of table.query can't become field day");
    assertThat(other.run(78, "preview")).contains("column day of table.query can't become");
  }
}
