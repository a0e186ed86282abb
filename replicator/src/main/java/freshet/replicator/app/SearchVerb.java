package freshet.replicator.app;

import com.fasterxml.jackson.databind.JsonNode;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.DaemonAccess;
import freshet.replicator.command.DaemonClient;
import freshet.replicator.command.DaemonFile;
import freshet.replicator.command.DaemonFile.Daemon;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Json;
import freshet.replicator.command.Verb;
import freshet.replicator.config.ConfigException;
import freshet.replicator.pause.ShownCities;
import freshet.replicator.repository.LocalRepository;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import freshet.replicator.search.SearchException;
import freshet.replicator.search.SearchJson;
import freshet.replicator.search.SearchLimits;
import freshet.replicator.search.SearchParameters;
import freshet.replicator.search.SearchService;
import freshet.replicator.snapshot.Advertisement;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.Snapshot;
import freshet.replicator.swap.SnapshotSwitch;
import freshet.replicator.swap.SwitchException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a running slave, or a repository's folder. */
@Command(
    name = "search",
    description =
        "Search a city, or all of them with '*': the running slave, or the store if none runs.")
final class SearchVerb extends Verb {
  private static final int HTTP_OK = 200;
  private static final int HTTP_BAD_REQUEST = 400;
  private static final int HTTP_NOT_FOUND = 404;
  private static final int HTTP_UNAVAILABLE = 503;

  @Parameters(index = "0", paramLabel = "CITY", description = "A city's name; '*' for all.")
  private String city = "";

  @Parameters(
      index = "1",
      paramLabel = "QUERY",
      description = "Words, or the classic query syntax; empty for all documents.")
  private String query = "";

  @Option(
      names = "--in",
      paramLabel = "WHERE",
      description = "Where to search instead: a slave's URL, or the folder of a repository.")
  private @Nullable String where;

  @Option(names = "--filter", paramLabel = "FILTER", description = "Such as 'price:[500 TO 1500]'.")
  private List<String> filters = List.of();

  @Option(names = "--near", paramLabel = "LAT,LON,KM", description = "Inside a circle.")
  private @Nullable String near;

  @Option(names = "--sort", paramLabel = "FIELD:asc|desc", description = "Instead of by match.")
  private @Nullable String sort;

  @Option(names = "--highlight", paramLabel = "FIELDS", description = "Show passages of these.")
  private @Nullable String highlight;

  @Option(names = "--from", description = "Hits to skip.")
  private int from;

  @Option(names = "--size", description = "Hits to show; ${DEFAULT-VALUE}.")
  private int size = 10;

  @Option(names = "--json", description = "Print the result as JSON.")
  private boolean isJson;

  SearchVerb() {
    super(ReplicatorMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform()
      throws ConfigException, CommandException, IOException, SearchException, SwitchException {
    String target = where;
    String json;
    if (target == null) {
      ReplicatorConfig config = ReplicatorConfig.read(configFile(), System.getenv());
      Path store = config.store().folder();
      Optional<Daemon> daemon = new DaemonFile(store).read();
      json =
          daemon.isPresent()
              ? ask(daemon.get().url(), DaemonAccess.of(config.server()))
              : look(store, config.search());
    } else if (target.startsWith("http://") || target.startsWith("https://")) {
      json = ask(URI.create(target), DaemonAccess.NONE);
    } else {
      json = look(Path.of(target), SearchLimits.DEFAULT);
    }
    if (isJson) {
      print(json);
    } else {
      show(Json.parse(json));
    }
    return ExitCode.OK;
  }

  private Map<String, List<String>> parameters() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    all.put("q", List.of(query));
    all.put("city", List.of(city));
    all.put("filter", filters);
    all.put("near", Optional.ofNullable(near).map(List::of).orElse(List.of()));
    all.put("sort", Optional.ofNullable(sort).map(List::of).orElse(List.of()));
    all.put("highlight", Optional.ofNullable(highlight).map(List::of).orElse(List.of()));
    all.put("from", List.of(Integer.toString(from)));
    all.put("size", List.of(Integer.toString(size)));
    return all;
  }

  private String ask(URI slave, DaemonAccess access) throws CommandException {
    StringJoiner text = new StringJoiner("&");
    parameters()
        .forEach(
            (name, values) ->
                values.forEach(
                    value ->
                        text.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8))));
    String base = slave.toString().replaceFirst("/$", "");
    DaemonClient.Answer answer = DaemonClient.get(URI.create(base + "/search?" + text), access);
    if (answer.status() == HTTP_OK) {
      return answer.body();
    }
    throw new CommandException(
        switch (answer.status()) {
          case HTTP_BAD_REQUEST, HTTP_NOT_FOUND -> ExitCode.USAGE;
          case HTTP_UNAVAILABLE -> ExitCode.TRY_AGAIN;
          default -> ExitCode.UNAVAILABLE;
        },
        base + ": " + answer.problem());
  }

  private String look(Path folder, SearchLimits limits)
      throws IOException, SearchException, SwitchException, CommandException {
    Time time = new SystemTime();
    LocalRepository repository = new LocalRepository(new RepositoryLayout(folder));
    Optional<Advertisement> latest = repository.latest();
    if (latest.isEmpty()) {
      throw new CommandException(
          ExitCode.TRY_AGAIN,
          "%s: no snapshot is there (no LATEST): get one with: bin/replicator pull"
              .formatted(folder));
    }
    try (SnapshotSwitch snapshots = new SnapshotSwitch(repository, 2, time)) {
      Snapshot newest = repository.snapshot(latest.get());
      ShownCities shown = new PausedCities(repository, time).shown(newest);
      snapshots.switchTo(shown.snapshot(), latest.get(), newest);
      SearchService service = new SearchService(snapshots, limits, time);
      return Json.line(SearchJson.of(service.search(SearchParameters.parse(parameters()))));
    }
  }

  private void show(JsonNode result) {
    JsonNode total = result.path("total");
    print(
        "%s%s in generation %s"
            .formatted(
                total.path("relation").asText().equals("eq") ? "" : "at least ",
                Count.of(total.path("value").asLong(), "document matches", "documents match"),
                result.path("generation").asText()));
    for (JsonNode hit : result.path("hits")) {
      print("");
      print("%s  %s".formatted(hit.path("city").asText(), hit.path("id").asText()));
      hit.path("fields")
          .properties()
          .forEach(field -> print("  %s: %s".formatted(field.getKey(), text(field.getValue()))));
      hit.path("highlights")
          .properties()
          .forEach(field -> print("  > %s: %s".formatted(field.getKey(), text(field.getValue()))));
    }
  }

  private static String text(JsonNode value) {
    String text = value.isValueNode() ? value.asText() : value.toString();
    String line = text.replaceAll("\\s+", " ");
    return line.length() > 200 ? line.substring(0, 200) + "…" : line;
  }
}
