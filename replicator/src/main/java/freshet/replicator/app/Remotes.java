package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.config.Secret;
import freshet.replicator.remote.BearerToken;
import freshet.replicator.remote.RemoteOptions;
import freshet.replicator.remote.RemoteRepository;
import freshet.replicator.runtime.Time;
import java.io.IOException;
import java.nio.file.Path;

/** Opens the remote that a configuration names. */
final class Remotes {
  private Remotes() {}

  static RemoteRepository open(ReplicatorConfig config, Path file, Time time)
      throws CommandException {
    RemoteSettings remote = config.remote();
    if (remote == null) {
      throw new CommandException(
          ExitCode.CONFIG, file + ":1: remote.url: missing: where snapshots come from is required");
    }
    RemoteOptions options = remote.options();
    Secret token = remote.token();
    try {
      if (token != null) {
        options = options.withToken(new BearerToken(token.fetch()));
      }
      return RemoteRepository.open(remote.url(), options, time);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandException(ExitCode.CONFIG, file + ": remote: " + e.getMessage(), e);
    }
  }
}
