package freshet.replicator.app;

import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.Secret;
import freshet.replicator.config.ServerSettings;
import freshet.replicator.http.HttpOptions;
import freshet.replicator.http.HttpSecurity;
import freshet.replicator.http.TokenGuard;
import freshet.replicator.runtime.Time;
import freshet.replicator.serve.ServeLimits;
import freshet.replicator.tls.TlsContexts;
import java.io.IOException;

/** The server of a daemon, as it is configured. */
public final class Http {
  private Http() {}

  /** Address and bounds as configured, the rest by default. */
  public static HttpOptions options(ServerSettings settings) {
    HttpOptions otherwise = HttpOptions.at(settings.listen().host(), settings.listen().port());
    return new HttpOptions(
        otherwise.host(),
        otherwise.port(),
        otherwise.threads(),
        settings.maxRequests(),
        settings.maxLongPolls(),
        settings.maxConnections(),
        otherwise.slowest(),
        otherwise.idleTimeout(),
        otherwise.stopTimeout());
  }

  /**
   * TLS and tokens as configured.
   *
   * @throws CommandException if a certificate, a key or a token can't be used
   */
  public static HttpSecurity security(ServerSettings settings, Time time) throws CommandException {
    ServerSettings.Tls tls = settings.tls();
    Secret token = settings.token();
    try {
      return new HttpSecurity(
          tls == null ? null : TlsContexts.server(tls.certificate(), tls.key(), time),
          token == null ? null : new TokenGuard(token::fetch, time));
    } catch (IOException e) {
      throw new CommandException(ExitCode.CONFIG, "server: " + e.getMessage(), e);
    }
  }

  /** What serving may take from others. */
  public static ServeLimits limits(ServerSettings settings) {
    ServerSettings.TransferSettings transfers = settings.transfers();
    return new ServeLimits(
        transfers.maxBytesPerSecond(),
        transfers.maxTransfers(),
        transfers.compressedBytes(),
        transfers.yields());
  }
}
