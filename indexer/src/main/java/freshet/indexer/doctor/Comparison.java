package freshet.indexer.doctor;

import freshet.indexer.connect.ConnectPhase;
import freshet.replicator.runtime.Count;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Names what differs between two reports: of two days, or of two hosts. Latencies count only if
 * they changed by more than chance makes them. Pure.
 */
public final class Comparison {
  private static final Duration NOTICEABLE = Duration.ofMillis(5);
  private static final int TIMES = 2;

  private Comparison() {}

  /** What a difference concerns; the order is that of importance. */
  public enum Subject {
    /** Which server it is, and which version. */
    SERVER,
    /** Kernel, JDK, hardware of this host. */
    HOST,
    /** Failures of connects. */
    FAILURES,
    /** How long phases of a connect take. */
    LATENCY,
    /** Variables of the server. */
    VARIABLE,
    /** Privileges of the account. */
    PRIVILEGE,
    /** State of replication. */
    REPLICATION,
    /** Limits, TCP settings, resolver, interfaces of this host. */
    SETTING
  }

  /**
   * One difference.
   *
   * @param subject what it concerns
   * @param what differs
   * @param before there; "none" if it was not there
   * @param now here
   */
  public record Difference(Subject subject, String what, String before, String now) {}

  /** All differences, the most important first. */
  public static List<Difference> of(Report before, Report now) {
    List<Difference> differences = new ArrayList<>();
    host(before.host(), now.host(), differences);
    int servers = Math.max(before.endpoints().size(), now.endpoints().size());
    for (int i = 0; i < servers; i++) {
      if (i >= before.endpoints().size() || i >= now.endpoints().size()) {
        differences.add(
            new Difference(
                Subject.SERVER,
                "number of servers",
                Integer.toString(before.endpoints().size()),
                Integer.toString(now.endpoints().size())));
        break;
      }
      endpoint(before.endpoints().get(i), now.endpoints().get(i), differences);
    }
    differences.sort(Comparator.comparing(Difference::subject).thenComparing(Difference::what));
    return differences;
  }

  private static void host(HostFacts before, HostFacts now, List<Difference> differences) {
    maps(Subject.HOST, "this host: ", before.system(), now.system(), differences);
    maps(Subject.SETTING, "limit ", before.limits(), now.limits(), differences);
    maps(Subject.SETTING, "net/", before.tcp(), now.tcp(), differences);
    maps(Subject.SETTING, "resolv.conf ", before.resolver(), now.resolver(), differences);
    maps(Subject.SETTING, "MTU of ", before.mtu(), now.mtu(), differences);
  }

  private static void endpoint(
      Report.OfEndpoint before, Report.OfEndpoint now, List<Difference> differences) {
    // Where servers have other names, the one of the same place in the list is meant.
    String name = now.endpoint() + ": ";
    maps(
        Subject.SERVER,
        name,
        Map.of("address", before.endpoint()),
        Map.of("address", now.endpoint()),
        differences);
    maps(Subject.FAILURES, name, failures(before.samples()), failures(now.samples()), differences);
    for (ConnectPhase phase : ConnectPhase.values()) {
      latency(
          name + phase,
          before.samples().phases().get(phase),
          now.samples().phases().get(phase),
          differences);
    }
    ServerFacts was = before.server();
    ServerFacts is = now.server();
    if (was != null && is != null) {
      variables(name, was.variables(), is.variables(), differences);
      maps(
          Subject.PRIVILEGE,
          name,
          Map.of("privileges", String.join("; ", was.grants())),
          Map.of("privileges", String.join("; ", is.grants())),
          differences);
      maps(
          Subject.REPLICATION,
          name,
          withoutLag(was.replication()),
          withoutLag(is.replication()),
          differences);
    } else if ((was == null) != (is == null)) {
      differences.add(
          new Difference(
              Subject.FAILURES,
              name + "answers questions",
              was == null ? "no" : "yes",
              is == null ? "no" : "yes"));
    }
  }

  private static void variables(
      String name, Map<String, String> was, Map<String, String> is, List<Difference> differences) {
    for (Subject subject : List.of(Subject.SERVER, Subject.VARIABLE)) {
      maps(subject, name, only(subject, was), only(subject, is), differences);
    }
  }

  private static Map<String, String> only(Subject subject, Map<String, String> variables) {
    Map<String, String> only = new TreeMap<>(variables);
    only.keySet()
        .removeIf(variable -> variable.startsWith("version") != (subject == Subject.SERVER));
    return only;
  }

  /** It changes all the time. */
  private static Map<String, String> withoutLag(Map<String, String> replication) {
    Map<String, String> without = new TreeMap<>(replication);
    without.remove("seconds_behind_source");
    return without;
  }

  private static Map<String, String> failures(Samples samples) {
    Map<String, String> failures = new TreeMap<>();
    samples
        .failures()
        .forEach(
            failure ->
                failures.put(
                    failure.kind() + (failure.phase() == null ? "" : " while " + failure.phase()),
                    "%d of %s".formatted(failure.count(), Count.of(samples.tried(), "connect"))));
    return failures;
  }

  private static void latency(
      String what, @Nullable Spread before, @Nullable Spread now, List<Difference> differences) {
    if (before == null || now == null || !isOther(before.p50(), now.p50())) {
      return;
    }
    differences.add(
        new Difference(
            Subject.LATENCY,
            what + ", half took up to",
            inMillis(before.p50()),
            inMillis(now.p50())));
  }

  private static boolean isOther(Duration one, Duration other) {
    Duration less = one.compareTo(other) < 0 ? one : other;
    Duration more = one.compareTo(other) < 0 ? other : one;
    return more.minus(less).compareTo(NOTICEABLE) >= 0
        && more.compareTo(less.multipliedBy(TIMES)) >= 0;
  }

  private static String inMillis(Duration duration) {
    return "%.1f ms".formatted(duration.toNanos() / 1e6);
  }

  private static void maps(
      Subject subject,
      String prefix,
      Map<String, String> before,
      Map<String, String> now,
      List<Difference> differences) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      String was = before.getOrDefault(name, "none");
      String is = now.getOrDefault(name, "none");
      if (!was.equals(is)) {
        differences.add(new Difference(subject, prefix + name, was, is));
      }
    }
  }
}
