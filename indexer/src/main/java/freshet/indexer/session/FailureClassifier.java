package freshet.indexer.session;

import com.mysql.cj.exceptions.CJPacketTooBigException;
import com.mysql.cj.jdbc.exceptions.PacketTooBigException;
import freshet.indexer.connect.ConnectFailure;
import freshet.indexer.connect.ConnectPhase;
import freshet.indexer.connect.DriverMessages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Says what went wrong, by vendor code, SQLState and cause chain; never by the driver's class of
 * SQLException or by text, since one class stands for many events and the other way round.
 */
public final class FailureClassifier {
  private FailureClassifier() {}

  private interface Maker {
    SourceException make(String message, Throwable cause);
  }

  /** A connect that did not come about. */
  public static SourceException ofConnect(ConnectFailure failure) {
    String message = "can't connect to " + failure.getMessage();
    if (isPacketTooBig(failure)) {
      // Four bytes of another protocol, taken for a length.
      return new SourceException.HandshakeLost(
          message + "; what listens there does not speak MySQL's protocol", failure);
    }
    Maker byCode = byCode(failure);
    if (byCode != null) {
      SourceException said = byCode.make(message, failure);
      // A server may say that it lost us, too.
      return said instanceof SourceException.LostDuringQuery
          ? new SourceException.HandshakeLost(message, failure)
          : said;
    }
    if (has(failure, cause -> cause instanceof UncheckedIOException)) {
      return new SourceException.AccessDenied(
          message + "; no connect was tried without a password", failure);
    }
    if (failure.getCause() instanceof CertificateException ours) {
      return new SourceException.AccessDenied(
          message + "; no connect was tried: " + ours.getMessage(), failure);
    }
    if (has(failure, cause -> cause instanceof CertificateException)) {
      return new SourceException.AccessDenied(
          message + "; the server's certificate is not what tls asks for", failure);
    }
    if (has(failure, FailureClassifier::isDisagreement)) {
      return new SourceException.AccessDenied(
          message + "; source.tls asks for what the server does not offer", failure);
    }
    if (failure.phase().compareTo(ConnectPhase.TCP) <= 0) {
      return new SourceException.Unreachable(message, failure);
    }
    if (failure.isTimedOut() || has(failure, cause -> cause instanceof SocketTimeoutException)) {
      return new SourceException.HandshakeTimedOut(message, failure);
    }
    return new SourceException.HandshakeLost(message, failure);
  }

  /**
   * A query that failed.
   *
   * @param attempted what, on which server
   */
  public static SourceException ofQuery(String attempted, SQLException failure) {
    String message =
        "%s failed: %s (SQLState %s, code %d)"
            .formatted(
                attempted,
                DriverMessages.inOneLine(failure),
                failure.getSQLState(),
                failure.getErrorCode());
    if (isPacketTooBig(failure)) {
      return new SourceException.PacketTooLarge(message, failure);
    }
    Maker byCode = byCode(failure);
    if (byCode != null) {
      return byCode.make(message, failure);
    }
    if (has(failure, cause -> cause instanceof SocketTimeoutException)) {
      return new SourceException.Stalled(message, failure);
    }
    if (failure.getErrorCode() == 0) {
      return new SourceException.LostDuringQuery(message, failure);
    }
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    if (state.startsWith("08")) {
      return new SourceException.LostDuringQuery(message, failure);
    }
    if (state.startsWith("28")) {
      return new SourceException.AccessDenied(message, failure);
    }
    if (state.startsWith("40")) {
      return new SourceException.LostDuringQuery(message, failure);
    }
    return new SourceException.SchemaError(message, failure);
  }

  private static @Nullable Maker byCode(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && sql.getErrorCode() != 0) {
        return ofCode(sql.getErrorCode());
      }
    }
    return null;
  }

  private static @Nullable Maker ofCode(int code) {
    return switch (code) {
      // too many connections; no memory for one more; can't create a thread; limits of the account
      case 1040, 1041, 1135, 1203, 1226 -> SourceException.TooManyConnections::new;
      // access to: server, database, table, column, host, routine; a missing privilege; no TLS
      case 1045, 1044, 1142, 1143, 1130, 1370, 1227, 1698, 1820, 1862, 1524, 3118, 4151, 3159 ->
          SourceException.AccessDenied::new;
      // blocked after too many broken connects, until the server's host cache is flushed
      case 1129 -> SourceException.HandshakeLost::new;
      // shutting down; in offline mode
      case 1053, 3032 -> SourceException.ShuttingDown::new;
      // read-only options and transactions
      case 1290, 1792, 1836 -> SourceException.RoleSwapped::new;
      // packets too large in either direction
      case 1153, 1162, 1301 -> SourceException.PacketTooLarge::new;
      // a server's own bound on the time of a statement
      case 3024, 1969 -> SourceException.Stalled::new;
      // interrupted, killed, deadlock, lock wait, network errors as the server saw them, table
      // changed while it was read
      case 1317, 1927, 1205, 1213, 1158, 1159, 1160, 1161, 1412, 2006, 2013 ->
          SourceException.LostDuringQuery::new;
      // unknown database, table, column, function, variable; syntax
      case 1049, 1146, 1054, 1305, 1193, 1064, 1109, 1051, 1630 -> SourceException.SchemaError::new;
      default -> null;
    };
  }

  /** The driver's own refusal to go on with what the server offers; the network had no part. */
  private static boolean isDisagreement(Throwable cause) {
    return cause instanceof SQLException sql
        && "08001".equals(sql.getSQLState())
        && !has(sql, below -> below instanceof IOException);
  }

  private static boolean isPacketTooBig(Throwable failure) {
    return has(
        failure,
        cause ->
            cause instanceof PacketTooBigException || cause instanceof CJPacketTooBigException);
  }

  private static boolean has(Throwable failure, Predicate<Throwable> isIt) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (isIt.test(at)) {
        return true;
      }
    }
    return false;
  }
}
