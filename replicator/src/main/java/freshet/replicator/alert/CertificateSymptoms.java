package freshet.replicator.alert;

import freshet.replicator.freshness.Words;
import freshet.replicator.incident.Advice;
import freshet.replicator.incident.Cause;
import freshet.replicator.incident.Severity;
import freshet.replicator.incident.Stage;
import freshet.replicator.incident.Symptom;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * That certificates end soon, or were renewed by files that are no good, so that somebody sees to
 * it before anything fails. Pure.
 */
public final class CertificateSymptoms {
  private static final Cause SOON = Cause.aside("certificate-ends", Stage.PULL, Severity.WARNING);
  private static final Cause AT_ONCE =
      Cause.aside("certificate-ends", Stage.PULL, Severity.CRITICAL);
  private static final Cause UNUSABLE =
      Cause.aside("certificate-unusable", Stage.PULL, Severity.WARNING);
  private static final Duration WARNING_BEFORE = Duration.ofDays(30);
  private static final Duration CRITICAL_BEFORE = Duration.ofDays(7);

  private CertificateSymptoms() {}

  /**
   * A certificate.
   *
   * @param file that it stands in, or the handshake that it was shown in
   * @param subject whose it is
   * @param end after which nobody trusts it
   */
  public record Ending(String file, String subject, Instant end) {}

  /**
   * The symptom, if one of them ends within 30 days; critical within 7, or once it has ended.
   *
   * @param check the command that reads the files again
   */
  public static Optional<Symptom> of(Collection<Ending> all, Instant at, String check) {
    List<Ending> ending =
        all.stream()
            .filter(one -> one.end().isBefore(at.plus(WARNING_BEFORE)))
            .sorted(Comparator.comparing(Ending::end))
            .toList();
    if (ending.isEmpty()) {
      return Optional.empty();
    }
    Ending first = ending.getFirst();
    boolean isUrgent = first.end().isBefore(at.plus(CRITICAL_BEFORE));
    Duration left = Duration.between(at, first.end());
    String what =
        "the certificate of %s in %s %s%s"
            .formatted(
                first.subject(),
                first.file(),
                left.isNegative()
                    ? "has ended at %s, %s ago"
                        .formatted(first.end(), Words.duration(left.negated()))
                    : "ends at %s, in %s".formatted(first.end(), Words.duration(left)),
                ending.size() == 1 ? "" : " (the first of %d)".formatted(ending.size()));
    return Optional.of(
        Symptom.of(
                isUrgent ? AT_ONCE : SOON,
                "CertificateEnds",
                what,
                null,
                new Advice(check, "What if a certificate ends?"))
            .affecting(
                ending.stream().map(Ending::file).collect(Collectors.toCollection(TreeSet::new))));
  }

  /**
   * The symptom, if files were replaced by ones that are no good: the process goes on with what it
   * has read before, and would not start any more.
   *
   * @param reasons by file; each names its file
   * @param check the command that reads the files again
   */
  public static Optional<Symptom> unusable(SortedMap<Path, String> reasons, String check) {
    if (reasons.isEmpty()) {
      return Optional.empty();
    }
    SortedSet<String> files =
        reasons.keySet().stream()
            .map(Path::toString)
            .collect(Collectors.toCollection(TreeSet::new));
    String what =
        "certificates were replaced by what can't be used: %s%s; what was read before is used until a restart, which will fail"
            .formatted(
                reasons.firstEntry().getValue(),
                files.size() == 1 ? "" : " (the first of %d files)".formatted(files.size()));
    return Optional.of(
        Symptom.of(
                UNUSABLE,
                "CertificateUnusable",
                what,
                null,
                new Advice(check, "What if a certificate can't be used?"))
            .affecting(files));
  }
}
