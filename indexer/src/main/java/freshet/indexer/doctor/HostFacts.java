package freshet.indexer.doctor;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this host is, and what it allows.
 *
 * @param system kernel, architecture, JDK, processors, memory of the JVM, by name
 * @param limits of this process, as /proc/self/limits names them: soft, then hard
 * @param tcp settings of the kernel's TCP, by their name below /proc/sys/net
 * @param resolver what /etc/resolv.conf says, by its keywords
 * @param mtu of each network interface, by name
 */
public record HostFacts(
    Map<String, String> system,
    Map<String, String> limits,
    Map<String, String> tcp,
    Map<String, String> resolver,
    Map<String, String> mtu) {

  /** Copies the maps. */
  public HostFacts {
    system = sorted(system);
    limits = sorted(limits);
    tcp = sorted(tcp);
    resolver = sorted(resolver);
    mtu = sorted(mtu);
  }

  private static Map<String, String> sorted(Map<String, String> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
