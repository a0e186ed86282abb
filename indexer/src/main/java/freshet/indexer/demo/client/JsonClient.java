package freshet.indexer.demo.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import freshet.replicator.runtime.WholeAnswer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Asks one daemon. Thread-safe. */
public final class JsonClient implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();

  private final String name;
  private final URI url;
  private final Duration longest;
  private final HttpClient client;

  /**
   * A client.
   *
   * @param name of the daemon, for messages
   * @param url that it serves, such as http://127.0.0.1:8700
   * @param longest how long an answer may take
   */
  public JsonClient(String name, URI url, Duration longest) {
    this.name = name;
    this.url = url;
    this.longest = longest;
    this.client = HttpClient.newBuilder().connectTimeout(longest).build();
  }

  /** The daemon's name. */
  public String name() {
    return name;
  }

  /** Asks for a path, without parameters. */
  public JsonNode get(String path) throws IOException {
    return get(path, Map.of());
  }

  /**
   * Asks for a path with these parameters.
   *
   * @throws IOException if no answer came in time, or another one than 200 and JSON
   */
  public JsonNode get(String path, Map<String, String> parameters) throws IOException {
    List<String> query = new ArrayList<>();
    parameters.forEach((key, value) -> query.add(key + "=" + encoded(value)));
    URI uri = URI.create(url + path + (query.isEmpty() ? "" : "?" + String.join("&", query)));
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    HttpResponse<byte[]> response;
    try {
      response = WholeAnswer.of(client, request, HttpResponse.BodyHandlers.ofByteArray(), longest);
    } catch (WholeAnswer.LateException e) {
      throw new IOException(
          "%s did not answer GET %s in %d ms".formatted(name, uri, longest.toMillis()), e);
    } catch (IOException e) {
      throw new IOException("%s did not answer GET %s: %s".formatted(name, uri, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for " + name);
    }
    if (response.statusCode() != 200) {
      throw new IOException(
          "%s answered %d to GET %s, expected 200: %s"
              .formatted(
                  name,
                  response.statusCode(),
                  uri,
                  new String(response.body(), StandardCharsets.UTF_8)));
    }
    return MAPPER.readTree(response.body());
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
