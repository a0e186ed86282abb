package freshet.indexer.doctor;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the doctor measured and found; a saved one is compared with a later one.
 *
 * @param format of the saved file, {@link #FORMAT}
 * @param at when, on this host's clock
 * @param host this host
 * @param endpoints the servers
 * @param findings server by server, then of this host
 */
public record Report(
    int format,
    Instant at,
    HostFacts host,
    List<OfEndpoint> endpoints,
    List<DoctorFinding> findings) {
  /** What this version writes and reads. */
  public static final int FORMAT = 1;

  /**
   * One server.
   *
   * @param endpoint its address
   * @param samples connects to it
   * @param server what it says of itself; null if it could not be asked
   */
  public record OfEndpoint(String endpoint, Samples samples, @Nullable ServerFacts server) {
    /** Refuses what a file that was changed by hand may lack. */
    public OfEndpoint {
      Objects.requireNonNull(endpoint, "endpoint");
      Objects.requireNonNull(samples, "samples");
    }
  }

  /** Copies the lists, and refuses what a file that was changed by hand may lack. */
  public Report {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(host, "host");
    endpoints = List.copyOf(endpoints);
    findings = List.copyOf(findings);
  }
}
