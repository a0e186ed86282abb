package freshet.indexer.doctor;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at this host. What a system does not have, or does not show, is left out. */
final class HostProbe {
  private static final List<String> SETTINGS =
      List.of(
          "core/somaxconn",
          "ipv4/tcp_syn_retries",
          "ipv4/tcp_synack_retries",
          "ipv4/tcp_retries2",
          "ipv4/tcp_keepalive_time",
          "ipv4/tcp_keepalive_intvl",
          "ipv4/tcp_keepalive_probes",
          "ipv4/tcp_fin_timeout",
          "ipv4/tcp_tw_reuse",
          "ipv4/tcp_timestamps",
          "ipv4/tcp_sack",
          "ipv4/tcp_mtu_probing",
          "ipv4/tcp_congestion_control",
          "ipv4/tcp_max_syn_backlog",
          "ipv4/ip_local_port_range");

  private static final Pattern LIMIT = Pattern.compile("(Max [a-z ]+?) {2,}(\\S+) +(\\S+).*");

  private final Path root;

  /**
   * A probe.
   *
   * @param root where /proc and /etc are
   */
  HostProbe(Path root) {
    this.root = root;
  }

  HostFacts look() {
    return new HostFacts(system(), limits(), tcp(), resolver(), mtu());
  }

  private Map<String, String> system() {
    Runtime runtime = Runtime.getRuntime();
    Map<String, String> system = new TreeMap<>();
    system.put("kernel", property("os.name") + " " + property("os.version"));
    system.put("architecture", property("os.arch"));
    system.put("jdk", property("java.vendor") + " " + property("java.vm.version"));
    system.put("processors", Integer.toString(runtime.availableProcessors()));
    system.put("heap", (runtime.maxMemory() >> 20) + " MB");
    for (String line : lines("etc/os-release")) {
      if (line.startsWith("PRETTY_NAME=")) {
        system.put("distribution", line.substring("PRETTY_NAME=".length()).replace("\"", ""));
      }
    }
    return system;
  }

  private static String property(String name) {
    return System.getProperty(name, "");
  }

  private Map<String, String> limits() {
    Map<String, String> limits = new TreeMap<>();
    for (String line : lines("proc/self/limits")) {
      Matcher limit = LIMIT.matcher(line);
      if (limit.matches()) {
        limits.put(limit.group(1), limit.group(2) + " " + limit.group(3));
      }
    }
    return limits;
  }

  private Map<String, String> tcp() {
    Map<String, String> tcp = new TreeMap<>();
    for (String setting : SETTINGS) {
      List<String> lines = lines("proc/sys/net/" + setting);
      if (!lines.isEmpty()) {
        tcp.put(setting, lines.getFirst().strip().replaceAll("\\s+", " "));
      }
    }
    return tcp;
  }

  private Map<String, String> resolver() {
    Map<String, String> resolver = new TreeMap<>();
    for (String line : lines("etc/resolv.conf")) {
      String[] words = line.strip().split("\\s+", 2);
      if (words.length == 2 && words[0].matches("nameserver|search|domain|options")) {
        resolver.merge(words[0], words[1], (one, other) -> one + ", " + other);
      }
    }
    return resolver;
  }

  private static Map<String, String> mtu() {
    Map<String, String> mtu = new TreeMap<>();
    try {
      for (NetworkInterface of : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (of.isUp()) {
          mtu.put(of.getName(), Integer.toString(of.getMTU()));
        }
      }
    } catch (IOException e) {
      // A sandbox may hide them; what was found stands.
      return mtu;
    }
    return mtu;
  }

  private List<String> lines(String file) {
    try {
      return new ArrayList<>(Files.readAllLines(root.resolve(file)));
    } catch (IOException e) {
      // Not every system has it.
      return List.of();
    }
  }
}
