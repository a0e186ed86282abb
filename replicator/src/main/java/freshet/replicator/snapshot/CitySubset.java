package freshet.replicator.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Some of a repository's cities, by globs: {@code *} stands for any characters, {@code ?} for one,
 * and a backslash takes the next one as it is. Case matters.
 *
 * @param allOf a city is in it if it matches one glob of each of these lists; without a list all
 *     cities are
 */
public record CitySubset(List<List<String>> allOf) {
  /** Every city. */
  public static final CitySubset ALL = new CitySubset(List.of());

  /** Copies the lists. */
  public CitySubset {
    allOf = allOf.stream().map(List::copyOf).toList();
  }

  /** The cities that match one of these; all of them if there is none. */
  public static CitySubset of(List<String> globs) {
    return globs.isEmpty() ? ALL : new CitySubset(List.of(globs));
  }

  /** Whether nothing is left out. */
  public boolean isAll() {
    return allOf.isEmpty();
  }

  /** Whether a city is in it. */
  public boolean includes(City city) {
    return allOf.stream()
        .allMatch(globs -> globs.stream().anyMatch(glob -> matches(glob, city.name())));
  }

  /** The cities that are in both. */
  public CitySubset and(CitySubset other) {
    if (isAll() || equals(other)) {
      return other;
    }
    List<List<String>> both = new ArrayList<>(allOf);
    both.addAll(other.allOf);
    return new CitySubset(both);
  }

  /** A snapshot without the cities that are not in it. */
  public Snapshot of(Snapshot whole) {
    if (isAll()) {
      return whole;
    }
    SortedMap<City, CityEntry> cities = new TreeMap<>(whole.cities());
    cities.keySet().removeIf(city -> !includes(city));
    return new Snapshot(whole.manifest(), whole.manifestDigest(), cities);
  }

  /** The globs that none of these cities matches. */
  public List<String> unmatched(Collection<City> cities) {
    return allOf.stream()
        .flatMap(List::stream)
        .filter(glob -> cities.stream().noneMatch(city -> matches(glob, city.name())))
        .toList();
  }

  /** The globs as they are configured. */
  @Override
  public String toString() {
    return isAll()
        ? "all"
        : String.join(
            " and ",
            allOf.stream().map(globs -> "[\"" + String.join("\", \"", globs) + "\"]").toList());
  }

  /** Without backtracking over more than the last star: no glob takes longer than its text. */
  private static boolean matches(String glob, String text) {
    int g = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        star = g++;
        resume = t;
      } else if (g < glob.length() && takes(glob, g, text.charAt(t))) {
        g += isEscape(glob, g) ? 2 : 1;
        t++;
      } else if (star >= 0) {
        g = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }

  private static boolean takes(String glob, int at, char c) {
    if (isEscape(glob, at)) {
      return glob.charAt(at + 1) == c;
    }
    return glob.charAt(at) == '?' || glob.charAt(at) == c;
  }

  private static boolean isEscape(String glob, int at) {
    return glob.charAt(at) == '\\' && at + 1 < glob.length();
  }
}
