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
import freshet.replicator.lease.LeaseClaim;
import freshet.replicator.lease.LeaseKeeper;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.BundleHead;
import freshet.replicator.snapshot.BundleRequest;
import freshet.replicator.snapshot.CitySubset;
import freshet.replicator.snapshot.FormatException;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.snapshot.SnapshotCodec;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How a repository's content and the slaves' reports look over HTTP. */
record SnapshotRoutes(
    LatestNotice latest,
    ServedFiles files,
    CompressedFiles compressed,
    Transfers transfers,
    FleetView fleet,
    PreparedMerges prepared,
    LeaseKeeper leases,
    ServeOptions options,
    Time time) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  List<Route> all() {
    return List.of(
        Route.longPoll("/LATEST", this::latest),
        Route.get("/" + RepositoryLayout.SUBSET, this::subset),
        Route.get("/snapshots/**", this::file).sending(),
        Route.get("/packs/**", this::file).sending(),
        Route.get("/schemas/**", this::file).sending(),
        Route.get("/rebuilt/**", this::file).sending(),
        Route.get("/cities/**", this::file).sending(),
        Route.post("/" + BundleRequest.PATH, this::bundle).sending(),
        Route.get("/transfers", request -> HttpAnswer.json(200, transfers.status())),
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
    ServedFile file = files.find(name).orElseThrow(() -> absent(name));
    if (!isKnown(request, file.etag()) && !isKnown(request, CompressedFiles.etag(file))) {
      Optional<LeaseClaim> claim = claim(request, name);
      try {
        HttpAnswer answer = content(request, file);
        return claim.isEmpty() ? answer : leased(answer, claim.get());
      } catch (NoSuchFileException e) {
        // Collected a moment ago.
        throw absent(name);
      }
    }
    return HttpAnswer.empty(304, Map.of("ETag", file.etag(), "Cache-Control", FOR_EVER));
  }

  /**
   * The snapshot that whoever asks wants kept meanwhile. Manifests come in a moment, and the next
   * request follows: for those nothing is written.
   */
  private Optional<LeaseClaim> claim(HttpRequest request, String name) throws IOException {
    Optional<LeaseClaim> claim = request.header(LeaseClaim.HEADER).flatMap(LeaseClaim::parse);
    boolean isKept =
        claim.isPresent()
            && !name.startsWith("snapshots/")
            && files.find(RepositoryLayout.snapshotName(claim.get().generation())).isPresent();
    return isKept ? claim : Optional.empty();
  }

  private HttpAnswer leased(HttpAnswer answer, LeaseClaim claim) {
    Runnable renew = () -> leases.renew(claim.holder(), claim.generation());
    renew.run();
    return answer.with(new LeasedTransfer(answer.transfer(), renew));
  }

  private HttpAnswer bundle(HttpRequest request) throws HttpProblem, IOException {
    BundleRequest asked;
    try {
      byte[] body = request.body(BundleRequest.MAX_BYTES);
      asked = SnapshotCodec.read(body, BundleRequest.class, "the list of files");
    } catch (FormatException e) {
      throw new HttpProblem(
          400, String.valueOf(e.getMessage()), "send {\"names\": [...]} as slaves do");
    }
    Optional<LeaseClaim> claim = claim(request, BundleRequest.PATH);
    HttpAnswer.Sized body = new Bundles(files, compressed).of(asked.names(), takesZstd(request));
    HttpAnswer answer =
        new HttpAnswer(
            200,
            Map.of("Content-Type", BundleHead.MEDIA_TYPE, "Cache-Control", "no-store"),
            body,
            transfers.admit(body.length()));
    return claim.isEmpty() ? answer : leased(answer, claim.get());
  }

  private HttpProblem absent(String name) {
    CitySubset held = files.held();
    return files.isLeftOut(name)
        ? new HttpProblem(
            404,
            "this store holds only the cities that match %s, not that of /%s".formatted(held, name),
            "ask one that holds more, or add the city to pull.cities of this slave")
        : new HttpProblem(
            404,
            "no retained snapshot names /" + name,
            "read LATEST again and start from what it names");
  }

  private HttpAnswer subset(HttpRequest request) throws HttpProblem {
    CitySubset held = files.held();
    if (held.isAll()) {
      throw new HttpProblem(404, "all cities are held here", "ask for any of them");
    }
    return HttpAnswer.json(200, SnapshotCodec.write(held));
  }

  private static boolean isKnown(HttpRequest request, String etag) {
    return request.header("If-None-Match").filter(etag::equals).isPresent();
  }

  private HttpAnswer content(HttpRequest request, ServedFile file) throws HttpProblem, IOException {
    // Of a HEAD it says nothing (RFC 9110, 14.2).
    Optional<String> asked =
        request.method().equals("GET") ? request.header("Range") : Optional.empty();
    // A range is always one of the file as it is: what a slave resumes is not compressed.
    if (asked.isEmpty() && takesZstd(request)) {
      Optional<byte[]> small = compressed.of(file);
      if (small.isPresent()) {
        return of(200, file, CompressedFiles.etag(file), new HttpAnswer.Bytes(small.get()))
            .with("Content-Encoding", "zstd");
      }
    }
    String etag = file.etag();
    ByteRange range = ByteRange.of(asked, request.header("If-Range"), etag, file.length());
    return switch (range) {
      case ByteRange.Whole whole -> of(200, file, etag, partOf(file, 0, file.length()));
      case ByteRange.Part part ->
          of(206, file, etag, partOf(file, part.offset(), part.length()))
              .with("Content-Range", part.contentRange(file.length()));
      case ByteRange.Unsatisfiable none ->
          HttpAnswer.error(
                  416,
                  "%s has %d bytes".formatted(request.rawPath(), file.length()),
                  "ask for bytes that it has, or for the whole")
              .with("Content-Range", "bytes */" + file.length())
              .with("ETag", etag);
    };
  }

  private static boolean takesZstd(HttpRequest request) {
    return request.header("Accept-Encoding").stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .anyMatch("zstd"::equalsIgnoreCase);
  }

  private static HttpAnswer.FilePart partOf(ServedFile file, long offset, long length) {
    return new HttpAnswer.FilePart(file.path(), offset, length);
  }

  private HttpAnswer of(int status, ServedFile file, String etag, HttpAnswer.Sized body)
      throws HttpProblem {
    Map<String, String> headers =
        Map.of(
            "Content-Type",
            file.mediaType(),
            "Cache-Control",
            FOR_EVER,
            "ETag",
            etag,
            "Accept-Ranges",
            "bytes",
            "Vary",
            "Accept-Encoding");
    return new HttpAnswer(status, headers, body, transfers.admit(body.length()));
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
