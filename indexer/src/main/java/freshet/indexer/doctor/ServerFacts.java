package freshet.indexer.doctor;

import freshet.indexer.source.Finding;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of itself.
 *
 * @param variables global variables that matter to connections and polls, by name
 * @param before its counters before the connects
 * @param after its counters after them
 * @param replication the state of its replication, by name in MySQL's newer words; empty if it is
 *     no replica, or does not say
 * @param grants of the account, without its password
 * @param clockOffset its clock less ours
 * @param clockUncertainty the offset is right within plus or minus this
 * @param lag how far it is behind its source; null if that is not known
 * @param lagUnknown why it is not known; empty if it is
 * @param check what check-config finds there
 * @param unseen what could not be asked; reports that were saved before it was told lack it
 */
public record ServerFacts(
    Map<String, String> variables,
    Map<String, Long> before,
    Map<String, Long> after,
    Map<String, String> replication,
    List<String> grants,
    Duration clockOffset,
    Duration clockUncertainty,
    @Nullable Duration lag,
    String lagUnknown,
    List<Finding> check,
    List<Finding> unseen) {

  /** Copies maps and lists. */
  public ServerFacts {
    variables = sorted(variables);
    before = sorted(before);
    after = sorted(after);
    replication = sorted(replication);
    grants = List.copyOf(grants);
    check = List.copyOf(check);
    unseen = unseen == null ? List.of() : List.copyOf(unseen);
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /** By how much a counter grew; 0 if it was not read twice. */
  long growth(String counter) {
    Long was = before.get(counter);
    return was == null ? 0 : after.getOrDefault(counter, was) - was;
  }

  /** A variable that is a number; 0 if it is not there. */
  long number(String variable) {
    String value = variables.getOrDefault(variable, "0");
    return value.matches("[0-9]{1,18}") ? Long.parseLong(value) : 0;
  }

  /** Whether a variable is on. */
  boolean isOn(String variable) {
    return !List.of("OFF", "0", "NO", "").contains(variables.getOrDefault(variable, "OFF"));
  }
}
