package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.freshness.CityAge;
import freshet.replicator.http.HttpProblem;
import freshet.replicator.snapshot.City;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeSet;

/** Cities as people name them, on the command line and in a query of HTTP. */
public final class CityArguments {
  private static final int NOT_FOUND = 404;
  private static final String PARAMETER = "city";

  private CityArguments() {}

  /** The cities of arguments, each once. */
  public static Set<City> parse(List<String> names) throws CommandException {
    Set<City> cities = new TreeSet<>();
    for (String name : names) {
      Optional<String> problem = City.problemWith(name);
      if (problem.isPresent()) {
        throw new CommandException(ExitCode.USAGE, problem.get() + ": no city has such a name");
      }
      cities.add(new City(name));
    }
    return cities;
  }

  /** The part of an address that asks for these; empty for none. */
  public static String query(Set<City> cities) {
    StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
    cities.forEach(
        city ->
            query.add(PARAMETER + "=" + URLEncoder.encode(city.name(), StandardCharsets.UTF_8)));
    return query.toString();
  }

  /**
   * The ages of the cities that a request asks for.
   *
   * @param names as the request has them
   * @param ages of the cities that are there
   */
  public static List<CityAge> asked(List<String> names, SortedMap<City, CityAge> ages)
      throws HttpProblem {
    try {
      return choose(parse(names), ages);
    } catch (CommandException e) {
      throw new HttpProblem(
          NOT_FOUND, String.valueOf(e.getMessage()), "give city=NAME as the table has it");
    }
  }

  /** The ages of these cities. Refuses one that is not there. */
  public static List<CityAge> choose(Set<City> cities, SortedMap<City, CityAge> ages)
      throws CommandException {
    List<CityAge> chosen = new ArrayList<>();
    for (City city : cities) {
      CityAge age = ages.get(city);
      if (age == null) {
        throw CityWords.unknown(city, "what is served", ages.keySet());
      }
      chosen.add(age);
    }
    return chosen;
  }
}
