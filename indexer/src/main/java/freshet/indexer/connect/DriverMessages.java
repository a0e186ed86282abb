package freshet.indexer.connect;

import java.sql.SQLException;

/** Says in one line what the driver says in many: it puts stack traces into its messages. */
public final class DriverMessages {
  private DriverMessages() {}

  /** The server's own words if it spoke, else the innermost cause: of what socket or resolver. */
  public static String inOneLine(Throwable failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException sql && sql.getErrorCode() != 0) {
        return firstLine(sql);
      }
    }
    Throwable innermost = failure;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    String line = firstLine(innermost);
    return innermost instanceof SQLException
        ? line
        : innermost.getClass().getSimpleName() + ": " + line;
  }

  private static String firstLine(Throwable of) {
    return String.valueOf(of.getMessage()).lines().findFirst().orElse("");
  }
}
