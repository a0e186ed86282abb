package freshet.indexer.doctor;

import freshet.indexer.check.ConfigCheck;
import freshet.indexer.check.Conversation;
import freshet.indexer.connect.Endpoint;
import freshet.indexer.session.SessionOptions;
import freshet.indexer.session.SourceException;
import freshet.indexer.source.SourceOptions;
import freshet.replicator.runtime.Count;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.IndexSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Measures connects to all servers of a configuration, asks the servers and this host for what
 * matters, and says what ails. A server that is down, hangs or refuses the account is a finding.
 */
public final class Doctor {
  private final SourceOptions options;
  private final ConfigCheck check;
  private final Time time;
  private final RandomGenerator random;

  /** A doctor for these servers. */
  public Doctor(SourceOptions options, IndexSchema schema, Time time, RandomGenerator random) {
    this.options = options;
    this.check = new ConfigCheck(options, schema, time);
    this.time = time;
    this.random = random;
  }

  /**
   * Examines. It takes at most the deadlines of so many connects to each server, and those of some
   * thirty short queries.
   *
   * @param samples connects to each server
   * @param progress hears what is done next
   */
  public Report examine(int samples, Consumer<String> progress) throws InterruptedException {
    HostFacts host = new HostProbe(Path.of("/")).look();
    List<Report.OfEndpoint> endpoints = new ArrayList<>();
    for (Endpoint endpoint : options.session().endpoints()) {
      progress.accept("%s: connecting %s".formatted(endpoint, Count.of(samples, "time")));
      endpoints.add(examine(endpoint, samples));
    }
    return new Report(
        Report.FORMAT,
        time.now(),
        host,
        endpoints,
        new Diagnosis(options.session().lag()).of(host, endpoints));
  }

  private Report.OfEndpoint examine(Endpoint endpoint, int samples) throws InterruptedException {
    SessionOptions session = options.session();
    try (Conversation server = check.conversation(endpoint)) {
      ServerProbe probe = new ServerProbe(server, session);
      Map<String, Long> before = counters(probe);
      Samples taken =
          new Sampling(check.connector(), session.timeouts(), time, random).of(endpoint, samples);
      if (taken.total() == null) {
        return new Report.OfEndpoint(endpoint.toString(), taken, null);
      }
      try {
        return new Report.OfEndpoint(endpoint.toString(), taken, probe.facts(before, check));
      } catch (SourceException e) {
        return new Report.OfEndpoint(endpoint.toString(), taken.with(e), null);
      }
    }
  }

  private static Map<String, Long> counters(ServerProbe probe) {
    try {
      return probe.counters();
    } catch (SourceException e) {
      // The connects that follow tell it better, and count it.
      return Map.of();
    }
  }
}
