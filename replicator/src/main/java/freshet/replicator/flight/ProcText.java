package freshet.replicator.flight;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what the kernel writes (proc(5), Documentation/admin-guide/iostats.rst and
 * Documentation/accounting/psi.rst of Linux). Pure. What is not as described there is taken for
 * absent: a recorder has no right to fail.
 */
final class ProcText {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final Pattern SOME = Pattern.compile("(?m)^some .*\\btotal=(\\d{1,18})$");

  /** Of diskstats: the device's name, and the milliseconds in which it had something to do. */
  private static final int DEVICE = 2;

  private static final int BUSY = 12;

  /** Of the first line of stat: user to steal; what follows is contained in user and nice. */
  private static final int FIRST_TIME = 1;

  private static final int STEAL = 8;

  private ProcText() {}

  /**
   * The processors' time so far, in ticks.
   *
   * @param total of all kinds
   * @param steal that other guests had
   */
  record Cpu(long total, long steal) {}

  /** A counter of net/snmp or net/netstat: a line of names, then one of values. */
  static OptionalLong counter(String text, String protocol, String name) {
    List<String> lines = text.lines().filter(line -> line.startsWith(protocol + ":")).toList();
    for (int i = 0; i + 1 < lines.size(); i += 2) {
      int at = Arrays.asList(words(lines.get(i))).indexOf(name);
      String[] values = words(lines.get(i + 1));
      if (at > 0 && at < values.length) {
        return number(values[at]);
      }
    }
    return OptionalLong.empty();
  }

  /** The first line of stat. */
  static Optional<Cpu> cpu(String text) {
    String[] words = words(text.lines().findFirst().orElse(""));
    if (words.length <= STEAL || !words[0].equals("cpu")) {
      return Optional.empty();
    }
    long total = 0;
    for (int i = FIRST_TIME; i <= STEAL; i++) {
      OptionalLong time = number(words[i]);
      if (time.isEmpty()) {
        return Optional.empty();
      }
      total += time.getAsLong();
    }
    return Optional.of(new Cpu(total, Long.parseLong(words[STEAL])));
  }

  /** The microseconds of pressure/io in which some task waited. */
  static OptionalLong waited(String text) {
    Matcher some = SOME.matcher(text);
    return some.find() ? number(some.group(1)) : OptionalLong.empty();
  }

  /** The milliseconds in which each device of diskstats was at work; memory is no device. */
  static SortedMap<String, Long> busy(String text) {
    SortedMap<String, Long> busy = new TreeMap<>();
    text.lines()
        .map(ProcText::words)
        .filter(words -> words.length > BUSY && !words[DEVICE].matches("(loop|ram|zram)\\d+"))
        .forEach(words -> number(words[BUSY]).ifPresent(ms -> busy.put(words[DEVICE], ms)));
    return busy;
  }

  private static String[] words(String line) {
    return line.strip().split("\\s+", -1);
  }

  private static OptionalLong number(String word) {
    return NUMBER.matcher(word).matches()
        ? OptionalLong.of(Long.parseLong(word))
        : OptionalLong.empty();
  }
}
