package freshet.replicator.command;

import freshet.replicator.config.Secret;
import freshet.replicator.config.ServerSettings;
import freshet.replicator.tls.PemException;
import freshet.replicator.tls.TlsContexts;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a verb approaches a daemon.
 *
 * @param tls whom to trust; null for the authorities that the JDK knows
 * @param token to show; null for none
 */
public record DaemonAccess(@Nullable SSLContext tls, @Nullable Secret token) {
  /** The JDK's authorities and no token. */
  public static final DaemonAccess NONE = new DaemonAccess(null, null);

  /**
   * To the daemon of this very configuration: its own certificate is trusted, by whatever name it
   * is reached on this host.
   *
   * @throws CommandException if the certificate can't be read
   */
  public static DaemonAccess of(ServerSettings settings) throws CommandException {
    ServerSettings.Tls tls = settings.tls();
    try {
      return new DaemonAccess(
          tls == null ? null : TlsContexts.trustingOnly(tls.certificate()), settings.token());
    } catch (PemException e) {
      throw new CommandException(ExitCode.CONFIG, "server.tls: " + e.getMessage(), e);
    }
  }
}
