package freshet.replicator.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import freshet.replicator.http.ByteRange;
import freshet.replicator.http.HttpAnswer;
import freshet.replicator.http.HttpProblem;
import freshet.replicator.http.HttpRequest;
import freshet.replicator.http.Route;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a repository's content and the slaves' reports look over HTTP. */
record SnapshotRoutes(
    LatestNotice latest,
    ServedFiles files,
    FleetView fleet,
    PreparedMerges prepared,
    ServeOptions options,
    Time time) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  List<Route> all() {
    return List.of(
        Route.longPoll("/LATEST", this::latest),
        Route.get("/snapshots/**", this::file),
        Route.get("/packs/**", this::file),
        Route.get("/schemas/**", this::file),
        Route.get("/cities/**", this::file),
        Route.get("/slaves", request -> HttpAnswer.json(200, fleet.at(time.now()))),
        Route.post("/slaves/{name}", this::report),
        Route.post("/slaves/{name}/merges", this::merges));
  }

  private HttpAnswer latest(HttpRequest request) throws HttpProblem, InterruptedException {
    Duration wait = request.queryDuration("wait", Duration.ZERO, options.maxWait());
    String known = request.header("If-None-Match").orElse(null);
    Optional<LatestNotice.Latest> found = latest.awaitOther(known, wait);
    if (found.isEmpty()) {
      throw new HttpProblem(
          404,
          "nothing has been published here yet",
          "ask again later; on the master, bin/indexer status says what it waits for");
    }
    Map<String, String> headers = Map.of("ETag", found.get().etag(), "Cache-Control", "no-cache");
    if (found.get().etag().equals(known)) {
      return HttpAnswer.empty(304, headers);
    }
    HttpAnswer answer = HttpAnswer.json(200, found.get().bytes());
    return answer.with("ETag", found.get().etag()).with("Cache-Control", "no-cache");
  }

  private HttpAnswer file(HttpRequest request) throws HttpProblem, IOException {
    String name = request.rawPath().substring(1);
    ServedFile file =
        files
            .find(name)
            .orElseThrow(
                () ->
                    new HttpProblem(
                        404,
                        "no retained snapshot names " + request.rawPath(),
                        "read LATEST again and start from what it names"));
    String etag = file.etag();
    if (request.header("If-None-Match").filter(etag::equals).isPresent()) {
      return HttpAnswer.empty(304, Map.of("ETag", etag, "Cache-Control", FOR_EVER));
    }
    ByteRange range =
        ByteRange.of(request.header("Range"), request.header("If-Range"), etag, file.length());
    HttpAnswer answer =
        switch (range) {
          case ByteRange.Whole whole -> part(200, file, 0, file.length());
          case ByteRange.Part part ->
              part(206, file, part.offset(), part.length())
                  .with("Content-Range", part.contentRange(file.length()));
          case ByteRange.Unsatisfiable none ->
              HttpAnswer.error(
                      416,
                      "%s has %d bytes".formatted(request.rawPath(), file.length()),
                      "ask for bytes that it has, or for the whole")
                  .with("Content-Range", "bytes */" + file.length());
        };
    return answer.with("ETag", etag).with("Accept-Ranges", "bytes");
  }

  private static HttpAnswer part(int status, ServedFile file, long offset, long length) {
    Map<String, String> headers =
        Map.of("Content-Type", file.mediaType(), "Cache-Control", FOR_EVER);
    return new HttpAnswer(status, headers, new HttpAnswer.FilePart(file.path(), offset, length));
  }

  /** The announced merges that a slave has: {@code {"merges":["berlin/_7"]}}. */
  private HttpAnswer merges(HttpRequest request) throws HttpProblem, IOException {
    Set<String> merges = new HashSet<>();
    object(request).path("merges").forEach(merge -> merges.add(merge.asText()));
    if (!prepared.report(request.pathParameter("name"), merges, time.now())) {
      throw new HttpProblem(
          409, "there are more slaves, or more merges, than this server keeps", "run fewer slaves");
    }
    return HttpAnswer.empty(204, Map.of());
  }

  private HttpAnswer report(HttpRequest request) throws HttpProblem, IOException {
    JsonNode report = object(request);
    Optional<String> refused = fleet.report(request.pathParameter("name"), report, time.now());
    if (refused.isPresent()) {
      throw new HttpProblem(
          409, refused.get(), "use a name of letters, digits, '.', '_', '-', or fewer slaves");
    }
    return HttpAnswer.empty(204, Map.of());
  }

  private JsonNode object(HttpRequest request) throws HttpProblem, IOException {
    byte[] body = request.body(options.maxReportBytes());
    JsonNode report;
    try {
      report = MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw new HttpProblem(
          400, "the report is no JSON: " + e.getOriginalMessage(), "send one JSON object");
    }
    if (report == null || !report.isObject()) {
      throw new HttpProblem(400, "the report is no JSON object", "send one JSON object");
    }
    return report;
  }
}
