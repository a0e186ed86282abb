package freshet.replicator.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One partition of the documents, with an index of its own. Its name is data: any text whose
 * encoded form fits a folder name.
 *
 * @param name as the database has it; may be empty, may hold any character
 */
public record City(String name) implements Comparable<City> {
  private static final int MAX_FOLDER_LENGTH = 200;
  private static final String EMPTY = "_";

  /** Refuses a name that {@link #problemWith} finds fault with. */
  public City {
    Optional<String> problem = problemWith(name);
    if (problem.isPresent()) {
      throw new IllegalArgumentException(problem.get());
    }
  }

  /** Why a name can't be a city, if so. */
  public static Optional<String> problemWith(String name) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
      return Optional.of("the city name holds half of a surrogate pair");
    }
    int length = encode(name).length();
    if (length > MAX_FOLDER_LENGTH) {
      return Optional.of(
          "the city name '%.40s…' takes %d characters as a folder name, more than %d"
              .formatted(name, length, MAX_FOLDER_LENGTH));
    }
    return Optional.empty();
  }

  /**
   * The folder name: lower-case ASCII letters, digits and '-' stand for themselves, every other
   * byte of the UTF-8 form is '_' and two hexadecimal digits, the empty name is a lone '_'. Names
   * that differ only in case get folders that differ in more, so that a file system that ignores
   * case keeps them apart.
   */
  public String folder() {
    return encode(name);
  }

  /**
   * The city of a folder name.
   *
   * @throws IllegalArgumentException if no city is encoded so
   */
  public static City ofFolder(String folder) {
    if (folder.equals(EMPTY)) {
      return new City("");
    }
    byte[] bytes = new byte[folder.length()];
    int n = 0;
    for (int i = 0; i < folder.length(); i++) {
      char c = folder.charAt(i);
      if (isPlain(c)) {
        bytes[n++] = (byte) c;
      } else if (c == '_' && i + 2 < folder.length()) {
        bytes[n++] = (byte) Integer.parseInt(folder, i + 1, i + 3, 16);
        i += 2;
      } else {
        throw notAFolder(folder);
      }
    }
    String name = new String(bytes, 0, n, StandardCharsets.UTF_8);
    if (!encode(name).equals(folder)) {
      // Each city has one folder: a second spelling ("_61" for "a") would be a second city.
      throw notAFolder(folder);
    }
    return new City(name);
  }

  @Override
  public int compareTo(City other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name.isEmpty() ? "\"\"" : name;
  }

  private static String encode(String name) {
    if (name.isEmpty()) {
      return EMPTY;
    }
    StringBuilder folder = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (isPlain(c)) {
        folder.append(c);
      } else {
        folder.append('_').append(Character.forDigit(c >> 4, 16));
        folder.append(Character.forDigit(c & 15, 16));
      }
    }
    return folder.toString();
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  }

  private static IllegalArgumentException notAFolder(String folder) {
    return new IllegalArgumentException("no city has the folder name '" + folder + "'");
  }
}
