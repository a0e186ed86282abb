package freshet.replicator.command;

/** What a command's exit code says. The codes from 64 on are those of BSD's sysexits. */
public enum ExitCode {
  /** It did what it was asked to, which may have been nothing. */
  OK(0),
  /** It looked, and found something that is not as it should be. */
  FINDINGS(1),
  /** The arguments make no sense. */
  USAGE(2),
  /** The database, the master or the daemon does not answer. */
  UNAVAILABLE(69),
  /** A mistake of this program. */
  INTERNAL(70),
  /** Something could not be written: disk full, no permission. */
  CANNOT_WRITE(73),
  /** It failed, and the same command may succeed later. */
  TRY_AGAIN(75),
  /** The other side is not what it should be: another repository, a newer master, damaged data. */
  REFUSED(76),
  /** Access was denied: account, password, token, privilege. */
  NO_PERMISSION(77),
  /** The configuration has problems. */
  CONFIG(78),
  /** Another process holds the lock. */
  LOCKED(80);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  /** What the process exits with. */
  public int code() {
    return code;
  }
}
