package freshet.replicator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.HttpServer;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.runtime.Workers;
import freshet.replicator.schema.GeoPoint;
import freshet.replicator.search.SearchResult.Hit;
import freshet.replicator.snapshot.FieldSpec;
import freshet.replicator.snapshot.FieldType;
import freshet.replicator.snapshot.IndexSchema;
import freshet.replicator.snapshot.KeyType;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.RepositoryFixture;
import freshet.replicator.swap.SnapshotSwitch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SearchServiceIT {
  private static final IndexSchema SCHEMA =
      new IndexSchema(
          1,
          List.of(KeyType.BIGINT),
          List.of(
              new FieldSpec("title", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("body", FieldType.TEXT, "english", false, true, false),
              new FieldSpec("note", FieldType.TEXT, "standard", false, false, false),
              new FieldSpec("kind", FieldType.KEYWORD, null, false, true, true),
              new FieldSpec("tags", FieldType.KEYWORD, null, true, true, false),
              new FieldSpec("price", FieldType.LONG, null, false, true, true),
              new FieldSpec("rating", FieldType.DOUBLE, null, false, true, true),
              new FieldSpec("pets", FieldType.BOOLEAN, null, false, true, true),
              new FieldSpec("posted", FieldType.DATE, null, false, true, true),
              new FieldSpec("at", FieldType.GEO_POINT, null, false, true, false)),
          List.of("title", "body"));
  private static final GeoPoint CENTER = new GeoPoint(41.08, -81.52);

  private RepositoryFixture master;
  private SnapshotSwitch snapshots;
  private SearchService service;
  private final ExecutorService workers = Workers.fixed("search", 2);

  @BeforeAll
  void begin(@TempDir Path folder) throws Exception {
    master = new RepositoryFixture(folder, SCHEMA);
    put("akron", 1, "Sunny flats downtown", "two <b>rooms</b>", "flat", 500L, 4.5, true, 0, 0);
    put("akron", 2, "Garden house", "sunny & quiet", "house", 1500L, 3.0, false, 1, 3);
    put("akron", 3, "Dark cellar", "cheap", "flat", null, null, null, 2, 30);
    put("São Paulo", 4, "Sunny house", "by the sea", "house", 900L, -1.5, true, 3, 5000);
    put("wien", 5, "Sunny flat", "two rooms", "Flat", 501L, 4.75, false, 4, 5000);
    master.city("empty");
    Snapshot snapshot = master.publish();
    snapshots = new SnapshotSwitch(master.repository(), 2, new SystemTime());
    snapshots.switchTo(snapshot, RepositoryFixture.advertisement(snapshot));
    service = new SearchService(snapshots, SearchLimits.DEFAULT, new SystemTime());
  }

  @AfterAll
  void end() throws IOException {
    workers.shutdown();
    snapshots.close();
    master.checkIndexes();
    master.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                           | 1 2 3 4 5",
        "*:*                          | 1 2 3 4 5",
        "*                            | 1 2 3 4 5",
        "flat                         | 1 5",
        "sunny                        | 1 2 4 5",
        "sunny house                  | 2 4",
        "sunny OR cellar              | 1 2 3 4 5",
        "sunny -house                 | 1 5",
        "\"two rooms\"                | 5",
        "\"flat sunny\"~2             | 1 5",
        "title:sunny                  | 1 4 5",
        "sun*                         | 1 2 4 5",
        "titel:x OR sunny             | ?",
        "kind:flat                    | 1 3",
        "kind:Flat                    | 5",
        "kind:fl*                     | 1 3",
        "gardne~                      | 2",
        "price:500                    | 1",
        "price:[500 TO 900]           | 1 4 5",
        "price:{500 TO 900}           | 5",
        "price:[* TO 501}             | 1",
        "-price:[* TO *] AND flat     | ''",
        "rating:[4.5 TO *]            | 1 5",
        "rating:{4.5 TO *]            | 5",
        "rating:\\-1.5                | 4",
        "pets:true                    | 1 4",
        "posted:2026-01-02            | 2",
        "posted:[2026-01-02 TO 2026-01-03] | 2 3",
        "posted:{2026-01-02 TO 2026-01-04} | 3",
        "_id:4                        | 4",
        "tags:t2                      | 2",
        "note:secret5                 | 5",
        "the                          | ''",
      })
  void queriesMeanWhatTheirFieldsSay(String query, String ids) throws SearchException {
    if (ids.equals("?")) {
      assertThatThrownBy(() -> search("q", query))
          .hasMessageStartingWith("field is 'titel'; expected one of title,");
      return;
    }
    assertThat(ids(search("q", query, "sort", "_doc"))).isEqualTo(sorted(ids));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "price:[500 TO 900]                       | 1 4 5",
        "price:[ 500 TO 900 ]                     | 1 4 5",
        "price:{500 TO *]                         | 2 4 5",
        "price:1500                               | 2",
        "pets:false                               | 2 5",
        "kind:flat                                | 1 3",
        "kind:\"flat\"                            | 1 3",
        "kind:[flat TO house]                     | 1 2 3 4",
        "tags:all                                 | 1 2 3 4 5",
        "title:sunny flat                         | 1 5",
        "posted:[2026-01-03 TO *]                 | 3 4 5",
        "posted:[* TO 2026-01-01T00:00:00.000Z]   | 1",
        "posted:[* TO 2026-01-01T00:00:00.000Z}   | ''",
        "price:[9223372036854775807 TO *}         | ''",
        "price:{9223372036854775807 TO *]         | ''",
        "price:[* TO -9223372036854775808}        | ''",
        "_id:2                                    | 2",
      })
  void filtersRestrict(String filter, String ids) throws SearchException {
    assertThat(ids(search("filter", filter, "sort", "_doc"))).isEqualTo(sorted(ids));
  }

  @Test
  void severalFiltersAndACircleMustAllHold() throws SearchException {
    SearchRequest request =
        SearchParameters.parse(
            Map.of(
                "filter", List.of("kind:flat", "pets:true"), "near", List.of("41.08,-81.52,10")));

    assertThat(ids(service.search(request))).isEqualTo("1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "41.08,-81.52,1     | 1",
        "41.08,-81.52,10    | 1 2",
        "at:41.08,-81.52,40 | 1 2 3",
        "41.08,-81.52,20000 | 1 2 3 4 5"
      })
  void nearFindsWhatLiesInTheCircle(String near, String ids) throws SearchException {
    assertThat(ids(search("near", near, "sort", "_distance"))).isEqualTo(ids);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "price                | 1 5 4 2 3",
        "price:asc            | 1 5 4 2 3",
        "price:desc           | 2 4 5 1 3",
        "rating:desc          | 5 1 2 4 3",
        "rating               | 4 2 1 5 3",
        "kind:asc,price:desc  | 5 1 3 2 4",
        "kind:desc,price      | 4 2 1 3 5",
        "pets                 | 2 5 1 4 3",
        "pets:desc            | 4 1 2 5 3",
        "posted:desc          | 5 4 3 2 1",
        "_doc                 | 4 1 2 3 5"
      })
  void hitsAreSortedWithMissingValuesLastAndTiesByCity(String sort, String ids)
      throws SearchException {
    SearchResult result = search("sort", sort);
    if (sort.startsWith("pets")) {
      // Ties: by city's name, and "São Paulo" sorts before "akron".
      assertThat(ids(result)).isEqualTo(sort.equals("pets") ? "2 5 4 1 3" : "4 1 2 5 3");
      return;
    }
    assertThat(ids(result)).isEqualTo(ids);
  }

  @Test
  void withoutASortTheBestMatchComesFirst() throws SearchException {
    SearchResult result = search("q", "sunny");

    List<Float> scores = result.hits().stream().map(Hit::score).toList();
    assertThat(scores).doesNotContainNull().isSortedAccordingTo((a, b) -> Float.compare(b, a));
    assertThat(search("q", "sunny", "sort", "price").hits()).allMatch(h -> h.score() == null);
    assertThat(ids(search("q", "sunny", "sort", "_score"))).isEqualTo(ids(result));
  }

  @ParameterizedTest
  @CsvSource({"akron,1 2 3", "São Paulo,4", "empty,''", "*,4 1 2 3 5"})
  void oneCityOrAllAreSearched(String city, String ids) throws SearchException {
    assertThat(ids(search("city", city, "sort", "_doc"))).isEqualTo(ids);
  }

  @Test
  void severalCitiesAreSearchedInOneOrderHoweverTheyAreListed() throws SearchException {
    for (List<String> cities :
        List.of(List.of("wien", "akron"), List.of("akron", "wien", "akron"))) {
      SearchResult result =
          service.search(SearchParameters.parse(Map.of("city", cities, "sort", List.of("_doc"))));
      assertThat(ids(result)).isEqualTo("1 2 3 5");
      assertThat(result.hits().stream().map(hit -> hit.city().name()))
          .containsExactly("akron", "akron", "akron", "wien");
    }
  }

  @Test
  void anUnknownCityIsNotFoundAndNamesItsNearest() {
    assertThatThrownBy(() -> search("city", "Akro"))
        .isInstanceOfSatisfying(
            SearchException.UnknownCity.class,
            e -> {
              assertThat(e.httpStatus()).isEqualTo(404);
              assertThat(e).hasMessage("there is no city 'Akro' in what is served");
              assertThat(e.fix()).startsWith("nearest names: akron");
            });
  }

  @Test
  void aHitHasEverythingStored() throws SearchException {
    SearchResult result = search("q", "_id:1");
    Hit hit = result.hits().getFirst();

    assertThat(result.generation()).hasToString("1-0000000001");
    assertThat(result.total()).isEqualTo(new SearchResult.Total(1, true));
    assertThat(hit.id()).isEqualTo("1");
    assertThat(hit.version()).isEqualTo(Instant.parse("2026-01-01T00:00:00.000001Z"));
    assertThat(hit.fields().keySet())
        .containsExactly(
            "title", "body", "kind", "tags", "price", "rating", "pets", "posted", "at");
    assertThat(hit.fields()).containsEntry("at", CENTER).containsEntry("price", 500L);
  }

  @Test
  void highlightsMarkMatchesAndEscapeTheRest() throws SearchException {
    SearchResult result = search("q", "sunny OR rooms", "highlight", "title,body");

    Map<String, Map<String, String>> byId = new java.util.TreeMap<>();
    result.hits().forEach(hit -> byId.put(hit.id(), hit.highlights()));
    assertThat(byId.get("1"))
        .containsEntry("title", "<em>Sunny</em> flats downtown")
        .containsEntry("body", "two &lt;b&gt;<em>rooms</em>&lt;&#x2F;b&gt;");
    assertThat(byId.get("2")).containsOnlyKeys("body");
    assertThat(search("q", "*:*", "highlight", "title").hits())
        .allMatch(hit -> hit.highlights().isEmpty());
  }

  @Test
  void pagesFollowEachOtherWithoutOverlap() throws SearchException {
    List<String> all = new ArrayList<>();
    for (int from = 0; from < 6; from += 2) {
      SearchResult page = search("from", Integer.toString(from), "size", "2", "sort", "price:desc");
      assertThat(page.total().value()).isEqualTo(5);
      page.hits().forEach(hit -> all.add(hit.id()));
    }
    assertThat(all).containsExactly("2", "4", "5", "1", "3");
    assertThat(search("size", "0").hits()).isEmpty();
    assertThat(search("size", "0").total().value()).isEqualTo(5);
    assertThat(search("from", "50").hits()).isEmpty();
    assertThat(search("city", "empty", "from", "5").hits()).isEmpty();
  }

  @Test
  void theTimeoutGivesWhatWasFoundSoFar() throws SearchException {
    Time hasty =
        new Time() {
          private long nanos;

          @Override
          public Instant now() {
            return Instant.EPOCH;
          }

          @Override
          public synchronized long nanoTime() {
            nanos += Duration.ofSeconds(1).toNanos();
            return nanos;
          }

          @Override
          public void sleep(Duration duration) {
            throw new AssertionError("a search waits for nothing");
          }
        };
    SearchService slow = new SearchService(snapshots, SearchLimits.DEFAULT, hasty);

    SearchResult result =
        slow.search(
            SearchParameters.parse(Map.of("q", List.of("sunny"), "timeout", List.of("2s"))));

    assertThat(result.isPartial()).isTrue();
    assertThat(result.total().isExact()).isFalse();
    assertThat(search("q", "sunny").isPartial()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "q         | *foo              | q is '*foo'; expected a query",
        "q         | (foo              | q is '(foo'; expected a query",
        "q         | title:/fo.*/      | q is 'title:/fo.*/'; expected a query",
        "q         | price:cheap       | field price is 'cheap'; expected a whole number",
        "q         | price:5*          | field price is '5*'; expected a value without wildcards",
        "q         | posted:yesterday  | field posted is 'yesterday'; expected a UTC day",
        "q         | pets:maybe        | field pets is 'maybe'; expected true or false",
        "q         | at:1              | field at is '1'; expected near=at:lat,lon,radius_km",
        "q         | title:[a TO b]    | filter on title is 'a range'; expected field:value",
        "q         | [a TO b]          | q is '[a TO b]'; expected a query",
        "q         | _id:x             | _id is 'x'; expected a key of columns",
        "filter    | price             | filter is 'price'; expected field:value",
        "filter    | prize:1           | field is 'prize'; expected one of price,",
        "filter    | price:[1 TO       | filter is 'price:[1 TO'; expected field:value",
        "filter    | price:[a TO 2]    | field price is 'a'; expected a whole number",
        "filter    | rating:NaN        | field rating is 'NaN'; expected a number",
        "filter    | pets:[a TO b]     | filter on pets is 'a range'; expected field:value",
        "sort      | title             | sort is 'title'; expected a sortable field: kind, price",
        "sort      | price:up          | sort is 'price:up'; expected field:asc or field:desc",
        "sort      | prize             | field is 'prize'; expected one of price,",
        "sort      | _distance         | sort is '_distance'; expected near",
        "sort      | _score:asc        | sort is '_score:asc'; expected _score",
        "near      | 1,2               | near is '1,2'; expected latitude,longitude,radius in km",
        "near      | 91,0,1            | near is '91,0,1'; expected latitude",
        "near      | 1,1,-1            | near is '1,1,-1'; expected latitude",
        "near      | title:1,1,1       | near is 'title'; expected a geo_point field",
        "highlight | price             | highlight is 'price'; expected stored text fields: title",
        "size      | 1001              | size is '1001'; expected 0 to 1000",
        "size      | ten               | size is 'ten'; expected a whole number",
        "from      | 100000            | from is '100000'; expected from + size of at most 100000",
        "from      | -1                | from is '-1'; expected a whole number",
        "timeout   | 1h                | timeout is '1h'; expected a duration",
        "timeout   | 0s                | timeout is '0ms'; expected more than nothing",
        "timeout   | 31s               | timeout is '31000ms'; expected more than nothing",
        "sise      | 1                 | parameter is 'sise'; expected one of city, filter",
      })
  void whatIsWrongIsNamedWithItsValueAndWhatIsExpected(
      String parameter, String value, String message) {
    assertThatThrownBy(() -> search(parameter, value))
        .isInstanceOfSatisfying(
            SearchException.BadRequest.class, e -> assertThat(e.httpStatus()).isEqualTo(400))
        .hasMessageStartingWith(message);
  }

  @Test
  void queriesAreBounded() {
    assertThatThrownBy(() -> search("q", "x ".repeat(1_500)))
        .hasMessageContaining("at most 2000 characters");
    assertThatThrownBy(() -> search("q", "(a ".repeat(31) + ")".repeat(31)))
        .hasMessageContaining("at most 30 parentheses");
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < 520; i++) {
      words.append(Integer.toString(i, 36)).append(' ');
    }
    assertThatThrownBy(() -> search("q", words.toString()))
        .isInstanceOf(SearchException.BadRequest.class)
        .hasMessageContaining("1024");
  }

  @Test
  void nothingIsServedBeforeTheFirstSwitch() {
    try (SnapshotSwitch none = new SnapshotSwitch(master.repository(), 1, new SystemTime())) {
      SearchService early = new SearchService(none, SearchLimits.DEFAULT, new SystemTime());
      assertThatThrownBy(() -> early.search(SearchRequest.of("x")))
          .isInstanceOf(SearchException.NotReady.class);
    }
  }

  @Test
  void allDocumentsOfACityCanBeWalkedInTheOrderOfTheirKeys() throws SearchException {
    List<String> walked = new ArrayList<>();
    String after = null;
    do {
      DocumentPage page = service.documents("akron", after, 2);
      page.documents().forEach(document -> walked.add(document.id()));
      after = page.next();
    } while (after != null);

    assertThat(walked).containsExactly("1", "2", "3");
    assertThat(service.documents("empty", null, 2).documents()).isEmpty();
    assertThatThrownBy(() -> service.documents("akron", "x", 2))
        .hasMessage("after is 'x'; expected the next of an earlier page");
  }

  @Test
  void resultsAndFailuresAreJson() throws Exception {
    SearchRoutes routes = new SearchRoutes(service, workers);

    SearchRoutes.Answer found =
        routes.search(
            Map.of("q", List.of("rooms"), "city", List.of("wien"), "highlight", List.of("body")));
    assertThat(found.status()).isEqualTo(200);
    Map<String, Object> body = new java.util.HashMap<>(found.body());
    assertThat(body.remove("took_ms")).isInstanceOf(Long.class);
    assertThat(new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(found.body()))
        .contains("\"total\":{\"value\":1,\"relation\":\"eq\"},\"partial\":false")
        .contains("\"city\":\"wien\",\"id\":\"5\",\"version\":\"2026-01-01T00:00:00.000005Z\"")
        .contains("\"tags\":[\"all\",\"t5\"],\"price\":501,\"rating\":4.75,\"pets\":false")
        .contains("\"posted\":\"2026-01-05T00:00:00Z\",\"at\":{\"lat\":")
        .contains("\"highlights\":{\"body\":\"two <em>rooms</em>\"}");

    assertThat(routes.search(Map.of("city", List.of("wein"))))
        .isEqualTo(
            new SearchRoutes.Answer(
                404,
                Map.of(
                    "error",
                    "there is no city 'wein' in what is served",
                    "fix",
                    "nearest names: wien, akron, empty, São Paulo")));
    assertThat(routes.search(Map.of("size", List.of("x"))).status()).isEqualTo(400);
    assertThat(routes.documents(Map.of("city", List.of("akron"), "size", List.of("2"))).body())
        .containsEntry("next", "2");
    assertThat(routes.documents(Map.of()).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/search?q=sunny&city=wien                | 200 | \"value\":1,\"relation\":\"eq\"",
        "/search?city=S%C3%A3o+Paulo&city=wien    | 200 | \"value\":2",
        "/search?filter=price:%5B500+TO+*%5D&q=   | 200 | \"value\":4",
        "/search?cty=wien                         | 400 | \"error\":\"parameter is 'cty'",
        "/search?q=(                              | 400 | \"fix\":\"expected a query",
        "/search?city=wein                        | 404 | \"fix\":\"nearest names: wien",
        "/documents?city=akron&after=1&size=1     | 200 | \"next\":\"2\"",
      })
  void theSameIsAnsweredOverHttp(String path, int status, String part) throws Exception {
    try (HttpServer server =
            HttpServer.start(
                HttpOptions.at("127.0.0.1", 0),
                HttpSecurity.NONE,
                new SearchRoutes(service, workers).routes(),
                new SystemTime(),
                "test");
        HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                  .build(),
              HttpResponse.BodyHandlers.ofString());

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).contains(part);
    }
  }

  private SearchResult search(String... parameters) throws SearchException {
    Map<String, List<String>> map = new java.util.HashMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      map.put(parameters[i], List.of(parameters[i + 1]));
    }
    return service.search(SearchParameters.parse(map));
  }

  private static String ids(SearchResult result) {
    return String.join(" ", result.hits().stream().map(Hit::id).toList());
  }

  /** In document order: "São Paulo" (4) before "akron" (1 2 3) before "wien" (5). */
  private static String sorted(String ids) {
    return ids.contains("4") ? ("4 " + ids.replace("4", "")).replaceAll(" +", " ").strip() : ids;
  }

  private void put(
      String city,
      long id,
      String title,
      String body,
      String kind,
      Long price,
      Double rating,
      Boolean pets,
      int day,
      double kmNorth)
      throws IOException {
    Instant posted = Instant.parse("2026-01-01T00:00:00Z").plus(Duration.ofDays(day));
    double north = Math.min(85, CENTER.latitude() + kmNorth / 111.2);
    master.put(
        city,
        id,
        Instant.parse("2026-01-01T00:00:00Z").getEpochSecond() * 1_000_000 + id,
        title,
        body,
        "secret" + id,
        kind,
        List.of("all", "t" + id),
        price,
        rating,
        pets,
        posted,
        new GeoPoint(north, CENTER.longitude()));
  }
}
