package freshet.indexer.demo.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Reads listings from JSON lines, plain or gzipped by the file's name. */
public final class ListingFile {
  private static final DateTimeFormatter POSTED =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String file;
  private final Map<Long, Integer> lineOfId = new HashMap<>();

  private ListingFile(String file) {
    this.file = file;
  }

  /**
   * Reads a file in order.
   *
   * @throws DataFileException for the first line that is no listing, or if there is none
   */
  public static void read(Path file, DemoDatabase.Sink into)
      throws DataFileException, SQLException {
    try (InputStream bytes = Files.newInputStream(file);
        InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
        // a decoder of its own reports bytes that are no UTF-8 instead of replacing them
        Reader reader = new InputStreamReader(text, StandardCharsets.UTF_8.newDecoder())) {
      read(file.toString(), reader, into);
    } catch (NoSuchFileException e) {
      throw new DataFileException(file + " does not exist: give --data an existing file", e);
    } catch (CharacterCodingException e) {
      throw new DataFileException(
          file + " is no text in UTF-8: one JSON object a line is expected (.gz: gzipped)", e);
    } catch (IOException e) {
      throw new DataFileException(file + " could not be read: " + e, e);
    }
  }

  /** Reads lines; {@code file} names them in messages. */
  static void read(String file, Reader lines, DemoDatabase.Sink into)
      throws IOException, DataFileException, SQLException {
    ListingFile reading = new ListingFile(file);
    BufferedReader reader = new BufferedReader(lines);
    int number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      if (!line.isBlank()) {
        into.accept(reading.listing(number, line));
      }
    }
    if (reading.lineOfId.isEmpty()) {
      throw new DataFileException(file + " holds no listing: one JSON object a line is expected");
    }
  }

  private Listing listing(int number, String line) throws DataFileException {
    JsonNode row;
    try {
      row = MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      throw problem(number, "is no JSON: " + e.getOriginalMessage(), e);
    }
    if (!row.isObject()) {
      throw problem(number, "is no JSON object", null);
    }
    long id = required(number, integer(number, row, "id"), "id", "a 64-bit integer");
    Integer earlier = lineOfId.putIfAbsent(id, number);
    if (earlier != null) {
      throw problem(number, "has the id " + id + " of line " + earlier + ": ids are unique", null);
    }
    return new Listing(
        id,
        required(number, text(number, row, "city"), "city", "a text"),
        required(number, text(number, row, "title"), "title", "a text"),
        required(number, text(number, row, "body"), "body", "a text"),
        integer(number, row, "price"),
        text(number, row, "neighborhood"),
        number(number, row, "latitude"),
        number(number, row, "longitude"),
        integer(number, row, "bedrooms"),
        number(number, row, "bathrooms"),
        integer(number, row, "sqft"),
        text(number, row, "housing_type"),
        posted(number, text(number, row, "posted")),
        text(number, row, "url"));
  }

  private @Nullable LocalDateTime posted(int line, @Nullable String text) throws DataFileException {
    try {
      return text == null ? null : LocalDateTime.parse(text, POSTED);
    } catch (DateTimeParseException e) {
      throw problem(line, "has posted '" + text + "', expected like 2022-08-02 11:31", e);
    }
  }

  private @Nullable String text(int line, JsonNode row, String field) throws DataFileException {
    JsonNode value = row.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw wrong(line, field, value, "a text");
    }
    return value.textValue();
  }

  private @Nullable Long integer(int line, JsonNode row, String field) throws DataFileException {
    JsonNode value = row.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(line, field, value, "a 64-bit integer");
    }
    return value.longValue();
  }

  private @Nullable Double number(int line, JsonNode row, String field) throws DataFileException {
    JsonNode value = row.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isNumber()) {
      throw wrong(line, field, value, "a number");
    }
    return value.doubleValue();
  }

  private <T> T required(int line, @Nullable T value, String field, String expected)
      throws DataFileException {
    if (value == null) {
      throw problem(line, "has no " + field + ", expected " + expected, null);
    }
    return value;
  }

  private DataFileException wrong(int line, String field, JsonNode value, String expected) {
    String found = value.toString();
    String shown = found.length() > 40 ? found.substring(0, 40) + "…" : found;
    return problem(line, "has " + field + " " + shown + ", expected " + expected, null);
  }

  private DataFileException problem(int line, String what, @Nullable Exception cause) {
    String message = file + " line " + line + " " + what;
    return cause == null ? new DataFileException(message) : new DataFileException(message, cause);
  }
}
