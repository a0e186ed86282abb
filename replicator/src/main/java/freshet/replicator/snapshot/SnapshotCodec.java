package freshet.replicator.snapshot;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import freshet.replicator.files.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The JSON of the format. Writing the same value twice gives the same bytes, which is what digests
 * of manifests stand on. Reading refuses a newer format by its {@code minReader} and what lacks a
 * key that can't be null, and ignores keys that it doesn't know, so that a newer master can add
 * some. It takes memory for what it returns, not for what it passes over. Thread-safe.
 */
public final class SnapshotCodec {
  private static final Pattern HIDDEN_SOURCE =
      Pattern.compile("\\s*\\((start marker )?at \\[Source: [^]]*]\\)");

  private static final JsonMapper MAPPER = mapper();

  private SnapshotCodec() {}

  /** The JSON of any value of this package, in UTF-8. */
  public static byte[] write(Record value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("could not write " + value.getClass().getSimpleName(), e);
    }
  }

  /** The same as text. */
  public static String writeText(Record value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  /**
   * The value of these bytes.
   *
   * @param what names the bytes in a message, such as "LATEST of http://master:8700"
   * @throws FormatException if they are no such value, or want a newer reader
   */
  public static <T extends Record> T read(byte[] bytes, Class<T> type, String what)
      throws FormatException {
    try {
      requireReader(bytes, what);
      return MAPPER.readValue(bytes, type);
    } catch (FormatException e) {
      throw e;
    } catch (IOException e) {
      throw new FormatException(what + " is damaged: " + reason(e), e);
    }
  }

  /** The parser's own words, and where; without what it says of its source, which is hidden. */
  private static String reason(IOException e) {
    if (!(e instanceof JsonProcessingException json)) {
      return String.valueOf(e.getMessage());
    }
    String words = HIDDEN_SOURCE.matcher(json.getOriginalMessage()).replaceAll("");
    if (json instanceof JsonMappingException mapping) {
      words = inside(mapping) + words;
    }
    JsonLocation at = json.getLocation();
    return at == null
        ? words
        : "%s, at line %d, column %d".formatted(words, at.getLineNr(), at.getColumnNr());
  }

  /** The keys that lead to what is wrong. */
  private static String inside(JsonMappingException wrong) {
    String path =
        wrong.getPath().stream()
            .map(
                key -> key.getFieldName() == null ? "[" + key.getIndex() + "]" : key.getFieldName())
            .collect(Collectors.joining("."));
    return path.isEmpty() ? "" : path + ": ";
  }

  /** Refuses what wants a newer reader, whatever else it says. */
  private static void requireReader(byte[] bytes, String what) throws IOException {
    int minReader = minReader(bytes, what);
    if (minReader > FormatVersion.CURRENT) {
      throw FormatException.newer(
          "%s wants a reader of format %d or newer, this one reads up to %d: upgrade Freshet here"
              .formatted(what, minReader, FormatVersion.CURRENT));
    }
  }

  /** Never by a tree: one of hostile bytes takes fifty times their size. */
  private static int minReader(byte[] bytes, String what) throws IOException {
    try (JsonParser in = MAPPER.createParser(bytes)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new FormatException(what + " is no JSON object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        boolean isMinReader = in.currentName().equals("minReader");
        in.nextToken();
        if (isMinReader) {
          return in.getIntValue();
        }
        in.skipChildren();
      }
      return 0;
    }
  }

  private static JsonMapper mapper() {
    SimpleModule module = new SimpleModule("freshet");
    asText(module, City.class, City::name, City::new);
    asText(module, Digest.class, Digest::hex, Digest::new);
    asText(module, DocumentKey.class, DocumentKey::hex, DocumentKey::ofHex);
    module.addKeySerializer(
        City.class,
        new StdScalarSerializer<>(City.class) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(City city, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeFieldName(city.name());
          }
        });
    module.addKeyDeserializer(
        City.class,
        new KeyDeserializer() {
          @Override
          public Object deserializeKey(String key, DeserializationContext context)
              throws IOException {
            try {
              return new City(key);
            } catch (IllegalArgumentException e) {
              throw context.weirdKeyException(City.class, key, e.getMessage());
            }
          }
        });
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .addModule(module)
        .annotationIntrospector(new RequiredComponents())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .defaultPropertyInclusion(
            JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
        .build();
  }

  private static <T> void asText(
      SimpleModule module, Class<T> type, Function<T, String> show, Function<String, T> parse) {
    module.addSerializer(
        type,
        new StdScalarSerializer<>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeString(show.apply(value));
          }
        });
    module.addDeserializer(
        type,
        new StdScalarDeserializer<>(type) {
          private static final long serialVersionUID = 1L;

          @Override
          public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            String text = in.getText();
            try {
              return parse.apply(text);
            } catch (IllegalArgumentException e) {
              throw context.weirdStringException(text, type, e.getMessage());
            }
          }
        });
  }
}
