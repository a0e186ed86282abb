package freshet.replicator.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a handler answers.
 *
 * @param status of HTTP
 * @param headers beside Content-Length and those that the server puts on every answer
 * @param body of the answer
 * @param transfer under whose bounds the body is sent
 */
public record HttpAnswer(int status, Map<String, String> headers, Body body, Transfer transfer) {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .build();

  /** The body of an answer. */
  public sealed interface Body {}

  /** A body whose length is known before it is sent. */
  public sealed interface Sized extends Body {
    /** How many bytes it has. */
    long length();
  }

  /** Bytes in memory, which nobody changes any more. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Bytes(byte[] bytes) implements Sized {
    @Override
    public long length() {
      return bytes.length;
    }
  }

  /** A part of a file, read while it is sent, through a buffer of bounded size. */
  public record FilePart(Path file, long offset, long length) implements Sized {}

  /**
   * Parts that are made while they are sent, without an end that is known before.
   *
   * @param source of the parts
   * @param longestWrite how long the peer may take for one of them before it is dropped
   */
  public record Stream(Source source, Duration longestWrite) implements Body {}

  /** Makes the parts of a stream. Used by one thread, closed once whatever way the stream ends. */
  public interface Source extends AutoCloseable {
    /** Waits for the next part; empty if there is none any more. */
    Optional<byte[]> next() throws InterruptedException;

    @Override
    void close();
  }

  /**
   * Several, one after the other. Files are opened one at a time, so that one that is gone breaks
   * the answer off.
   */
  public record Parts(List<Sized> parts) implements Sized {
    /** Copies the list. */
    public Parts {
      parts = List.copyOf(parts);
    }

    @Override
    public long length() {
      return parts.stream().mapToLong(Sized::length).sum();
    }
  }

  /** Copies the headers. */
  public HttpAnswer {
    headers = Map.copyOf(headers);
  }

  /** One that is sent without bounds. */
  public HttpAnswer(int status, Map<String, String> headers, Body body) {
    this(status, headers, body, Transfer.FREE);
  }

  /** No body at all. */
  public static HttpAnswer empty(int status, Map<String, String> headers) {
    return new HttpAnswer(status, headers, new Bytes(new byte[0]));
  }

  /** Bytes of this media type. */
  public static HttpAnswer bytes(int status, String mediaType, byte[] bytes) {
    return new HttpAnswer(status, Map.of("Content-Type", mediaType), new Bytes(bytes));
  }

  /** JSON that is written already, in UTF-8. */
  public static HttpAnswer json(int status, byte[] json) {
    return bytes(status, "application/json", json);
  }

  /** The JSON of a value: records, maps, lists; instants and durations in ISO-8601. */
  public static HttpAnswer json(int status, Object value) {
    try {
      return json(status, MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("no JSON for " + value.getClass().getName(), e);
    }
  }

  /** Plain text. */
  public static HttpAnswer text(int status, String text) {
    return bytes(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** Metrics as Prometheus scrapes them. */
  public static HttpAnswer metrics(String scraped) {
    return bytes(
        200, "text/plain; version=0.0.4; charset=utf-8", scraped.getBytes(StandardCharsets.UTF_8));
  }

  /** An error as JSON: {@code {"error": …, "fix": …}}. */
  public static HttpAnswer error(int status, String error, String fix) {
    Map<String, String> value = new LinkedHashMap<>();
    value.put("error", error);
    value.put("fix", fix);
    return json(status, value);
  }

  /** The same with one more header. */
  public HttpAnswer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new HttpAnswer(status, more, body, transfer);
  }

  /** The same under other bounds. */
  public HttpAnswer with(Transfer other) {
    return new HttpAnswer(status, headers, body, other);
  }
}
