package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.Secret;
import freshet.replicator.files.DurableFiles;
import freshet.replicator.remote.BearerToken;
import freshet.replicator.remote.FollowedToken;
import freshet.replicator.remote.RemoteAccess;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.Time;
import freshet.replicator.snapshot.RepositoryLayout;
import freshet.replicator.tls.PemException;
import freshet.replicator.tls.TlsContexts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Opens the remote that a configuration names. */
final class Remotes {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.[0-9.]+|\\[::1]", Pattern.CASE_INSENSITIVE);

  private Remotes() {}

  /** Where snapshots come from. */
  static RemoteSettings settings(ReplicatorConfig config, Path file) throws CommandException {
    RemoteSettings remote = config.remote();
    if (remote == null) {
      throw new CommandException(
          ExitCode.CONFIG, file + ":1: remote.url: missing: where snapshots come from is required");
    }
    return remote;
  }

  static RemoteRepository open(ReplicatorConfig config, Path file, Time time)
      throws CommandException {
    RemoteSettings remote = settings(config, file);
    RemoteOptions options = remote.options();
    try {
      RemoteAccess access =
          access(remote, time).scratch(scratch(config.store().folder())).leasing(config.name());
      return RemoteRepository.open(remote.url(), options.with(access), time);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException(ExitCode.CONFIG, file + ": remote: " + e.getMessage(), e);
    }
  }

  /** Token and trust as configured, for whoever stays: both are followed where they change. */
  static RemoteAccess access(RemoteSettings remote, Time time) throws IOException {
    Path authorities = remote.authorities();
    Secret token = remote.token();
    RemoteAccess access =
        remote
            .options()
            .access()
            .trusting(authorities == null ? null : TlsContexts.trusting(authorities, time));
    return token == null ? access : access.withTokens(new FollowedToken(token::fetch, time));
  }

  /**
   * Token and trust as a command line names them.
   *
   * @param token file that holds the token; null for none
   * @param authorities PEM file of whom to trust; null for those that the JDK knows
   * @throws IOException if one can't be read
   * @throws IllegalArgumentException if the token is none
   */
  static RemoteAccess access(@Nullable Path token, @Nullable Path authorities) throws IOException {
    RemoteAccess access =
        RemoteAccess.DEFAULT.trusting(
            authorities == null ? null : TlsContexts.trusting(authorities));
    return token == null ? access : access.withToken(new BearerToken(Secret.ofFile(token).fetch()));
  }

  /** What is wrong with how the token is sent, without being an error. */
  static Optional<String> tokenWarning(RemoteSettings remote) {
    String url = remote.url();
    if (remote.token() == null || !url.startsWith("http://")) {
      return Optional.empty();
    }
    String host = String.valueOf(URI.create(url).getHost());
    return LOOPBACK.matcher(host).matches()
        ? Optional.empty()
        : Optional.of(
            "the token goes to %s over plain HTTP, readable by whoever sees the network between: give the server a certificate (server.tls there) and begin remote.url with https://"
                .formatted(host));
  }

  /** On the store's disk, whose free space is watched, not wherever temporary files are. */
  private static Path scratch(Path store) throws IOException {
    Path folder = new RepositoryLayout(store).control();
    DurableFiles.createFolders(folder);
    return folder;
  }

  /** A client for what a remote is told or asked beside pulls. */
  static HttpClient client(RemoteOptions options, RemoteAccess access) {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(options.connectTimeout());
    SSLContext trust = access.tls();
    return (trust == null ? builder : builder.sslContext(trust)).build();
  }

  /** Whom to trust; null for the authorities that the JDK knows. */
  static @Nullable SSLContext trust(RemoteSettings remote) throws PemException {
    Path authorities = remote.authorities();
    return authorities == null ? null : TlsContexts.trusting(authorities);
  }
}
