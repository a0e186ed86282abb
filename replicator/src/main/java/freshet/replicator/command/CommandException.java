package freshet.replicator.command;

import org.jspecify.annotations.Nullable;

/** A verb that ends here, with a message for people and an exit code for scripts. */
public final class CommandException extends Exception {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  /** Ends with this code; the message is printed to standard error. */
  public CommandException(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  /** Ends with this code because of a failure. */
  public CommandException(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What the process exits with. */
  public ExitCode exitCode() {
    return exitCode;
  }
}
