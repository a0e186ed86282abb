package freshet.replicator.app;

import freshet.replicator.alert.AlertSettings;
import freshet.replicator.alert.EndingSymptoms;
import freshet.replicator.alert.EndingSymptoms.Ending;
import freshet.replicator.config.ServerSettings;
import freshet.replicator.incident.Symptom;
import freshet.replicator.runtime.Time;
import freshet.replicator.sink.SmtpSink;
import freshet.replicator.tls.CertificateEnd;
import freshet.replicator.tls.PemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks when the certificates of PEM files end. It reads them anew every minute, so that a renewal
 * ends what it told. One that can't be read is said by whoever uses it. Thread-safe.
 */
public final class CertificateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final Duration READ_INTERVAL = Duration.ofMinutes(1);

  private final Set<Path> shown;
  private final Set<Path> trusted;
  private final String check;
  private final Time time;
  private List<Ending> endings = List.of();
  private @Nullable Long readAt;

  /**
   * Of these files.
   *
   * @param shown to others: each of their certificates counts
   * @param trusted authorities: the last that ends counts, since a file of several is a bundle, or
   *     has the next one beside the old one
   * @param check the command that reads the files again
   */
  CertificateWatch(Set<Path> shown, Set<Path> trusted, String check, Time time) {
    this.shown = new TreeSet<>(shown);
    this.trusted = new TreeSet<>(trusted);
    this.check = check;
    this.time = time;
  }

  /**
   * Of a role's files, as far as it is configured to use any.
   *
   * @param authorities whom it trusts where it reads from; null for those that the JDK knows
   * @param check the command that reads the files again
   */
  public static CertificateWatch of(
      ServerSettings server,
      AlertSettings alerts,
      @Nullable Path authorities,
      String check,
      Time time) {
    ServerSettings.Tls tls = server.tls();
    Set<Path> trusted = new TreeSet<>();
    if (authorities != null) {
      trusted.add(authorities);
    }
    SmtpSink.Settings smtp = alerts.sinks().smtp();
    Path ofMail = smtp == null ? null : smtp.authorities();
    if (ofMail != null) {
      trusted.add(ofMail);
    }
    return new CertificateWatch(
        tls == null ? Set.of() : Set.of(tls.certificate()), trusted, check, time);
  }

  /** What is wrong with them, seen from a moment. */
  public Optional<Symptom> symptom(Instant at) {
    return symptom(at, List.of());
  }

  /**
   * The same.
   *
   * @param seen those that stand in no file here, as a server showed them last
   */
  public synchronized Optional<Symptom> symptom(Instant at, List<Ending> seen) {
    Long before = readAt;
    if (before == null || time.since(before).compareTo(READ_INTERVAL) >= 0) {
      readAt = time.nanoTime();
      endings = read();
    }
    return EndingSymptoms.of(Stream.concat(endings.stream(), seen.stream()).toList(), at, check);
  }

  private List<Ending> read() {
    List<Ending> found = new ArrayList<>();
    shown.forEach(file -> found.addAll(read(file)));
    trusted.forEach(
        file -> read(file).stream().max(Comparator.comparing(Ending::end)).ifPresent(found::add));
    return found;
  }

  private static List<Ending> read(Path file) {
    try {
      return CertificateEnd.in(file).stream()
          .map(one -> new Ending(file.toString(), one.subject(), one.end()))
          .toList();
    } catch (PemException e) {
      LOG.debug("when its certificates end is not known: {}", e.getMessage());
      return List.of();
    }
  }
}
