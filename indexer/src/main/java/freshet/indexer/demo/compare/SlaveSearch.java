package freshet.indexer.demo.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A slave's search, as any client sees it. */
public final class SlaveSearch implements AutoCloseable {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(20);
  private static final JsonMapper MAPPER = new JsonMapper();

  private final String name;
  private final URI url;
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  /**
   * The search of one slave.
   *
   * @param name of the slave, for messages
   * @param url that it serves, such as http://127.0.0.1:8700
   */
  public SlaveSearch(String name, URI url) {
    this.name = name;
    this.url = url;
  }

  /** The slave's name. */
  String name() {
    return name;
  }

  /** Searches all cities. */
  JsonNode search(Map<String, String> parameters) throws IOException {
    List<String> query = new ArrayList<>();
    parameters.forEach((key, value) -> query.add(key + "=" + encoded(value)));
    URI uri = URI.create(url + "/search?" + String.join("&", query));
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(LONGEST_ANSWER).build();
    // The whole answer has the deadline: the client's own one ends with the headers.
    Future<HttpResponse<byte[]>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    try {
      HttpResponse<byte[]> response = answer.get(LONGEST_ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(
            "%s answered %d to %s, expected 200: %s"
                .formatted(
                    name,
                    response.statusCode(),
                    uri,
                    new String(response.body(), StandardCharsets.UTF_8)));
      }
      return MAPPER.readTree(response.body());
    } catch (ExecutionException e) {
      throw new IOException("%s did not answer %s: %s".formatted(name, uri, e.getCause()), e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException(
          "%s did not answer %s in %d s".formatted(name, uri, LONGEST_ANSWER.toSeconds()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + name + " searched");
    }
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
