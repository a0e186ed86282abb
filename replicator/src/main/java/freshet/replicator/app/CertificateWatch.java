package freshet.replicator.app;

import freshet.replicator.alert.AlertSettings;
import freshet.replicator.alert.CertificateSymptoms;
import freshet.replicator.alert.CertificateSymptoms.Ending;
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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks when the certificates of PEM files end. It reads them anew every minute, so that a renewal
 * ends what it told. Files that were good once and are no more are told of, and what stood in them
 * goes on to count, since it is used on; those that were never good stop whoever uses them.
 * Thread-safe.
 */
public final class CertificateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final Duration READ_INTERVAL = Duration.ofMinutes(1);

  private final List<Watched> files = new ArrayList<>();
  private final String check;
  private final Time time;
  private final SortedMap<Path, List<Ending>> good = new TreeMap<>();
  private final SortedMap<Path, String> bad = new TreeMap<>();
  private @Nullable Long readAt;

  /** A file, and what of it counts. */
  private record Watched(Path file, Reading reading) {}

  /** Reads a file. */
  private interface Reading {
    List<CertificateEnd> read() throws PemException;
  }

  /**
   * Of these files.
   *
   * @param shown to others: each of their certificates counts; null for none
   * @param trusted authorities: the last that ends counts, since a file of several is a bundle, or
   *     has the next one beside the old one
   * @param check the command that reads the files again
   */
  CertificateWatch(ServerSettings.@Nullable Tls shown, Set<Path> trusted, String check, Time time) {
    this.check = check;
    this.time = time;
    if (shown != null) {
      files.add(
          new Watched(
              shown.certificate(), () -> CertificateEnd.shown(shown.certificate(), shown.key())));
    }
    trusted.forEach(file -> files.add(new Watched(file, () -> last(CertificateEnd.in(file)))));
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
    Set<Path> trusted = new TreeSet<>();
    if (authorities != null) {
      trusted.add(authorities);
    }
    SmtpSink.Settings smtp = alerts.sinks().smtp();
    Path ofMail = smtp == null ? null : smtp.authorities();
    if (ofMail != null) {
      trusted.add(ofMail);
    }
    return new CertificateWatch(server.tls(), trusted, check, time);
  }

  /** What is wrong with them, seen from a moment. */
  public List<Symptom> symptoms(Instant at) {
    return symptoms(at, List.of());
  }

  /**
   * The same.
   *
   * @param seen those that stand in no file here, as a server showed them last
   */
  public synchronized List<Symptom> symptoms(Instant at, List<Ending> seen) {
    Long before = readAt;
    // Certificate and key are replaced one after the other: bad files are read again at once.
    if (before == null || !bad.isEmpty() || time.since(before).compareTo(READ_INTERVAL) >= 0) {
      readAt = time.nanoTime();
      bad.clear();
      files.forEach(this::read);
    }
    List<Ending> endings =
        Stream.concat(good.values().stream().flatMap(List::stream), seen.stream()).toList();
    return Stream.of(
            CertificateSymptoms.of(endings, at, check), CertificateSymptoms.unusable(bad, check))
        .flatMap(Optional::stream)
        .toList();
  }

  private void read(Watched watched) {
    Path file = watched.file();
    try {
      good.put(
          file,
          watched.reading().read().stream()
              .map(one -> new Ending(file.toString(), one.subject(), one.end()))
              .toList());
    } catch (PemException e) {
      if (good.containsKey(file)) {
        bad.put(file, e.getMessage());
      } else {
        LOG.debug("when its certificates end is not known: {}", e.getMessage());
      }
    }
  }

  private static List<CertificateEnd> last(List<CertificateEnd> all) {
    return all.stream().max(Comparator.comparing(CertificateEnd::end)).stream().toList();
  }
}
