package freshet.replicator.app;

import freshet.replicator.config.ServerSettings;
import freshet.replicator.http.HttpOptions;

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
        otherwise.idleTimeout(),
        otherwise.stopTimeout());
  }
}
