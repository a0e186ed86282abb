package freshet.replicator.app;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.command.CommandException;
import freshet.replicator.command.ExitCode;
import freshet.replicator.command.Verb;
import freshet.replicator.config.ConfigException;
import freshet.replicator.config.Secret;
import freshet.replicator.host.HostFinding;
import freshet.replicator.runtime.SystemTime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;

/** Reads the whole configuration, then looks whether this host has what a slave needs. */
@Command(
    name = "check-config",
    description =
        "Check the configuration and the limits of this host. All problems are reported at once.")
final class CheckConfigVerb extends Verb {
  CheckConfigVerb() {
    super(ReplicatorMain.CONFIG, true);
  }

  @Override
  protected ExitCode perform() throws ConfigException, CommandException {
    Path file = configFile();
    ReplicatorConfig config = ReplicatorConfig.read(file, System.getenv());
    Http.security(config.server(), new SystemTime());
    RemoteSettings remote = config.remote();
    Secret token = remote == null ? null : remote.token();
    if (token != null) {
      try {
        token.fetch();
      } catch (IOException e) {
        throw new CommandException(ExitCode.CONFIG, file + ": remote.token: " + e.getMessage(), e);
      }
    }
    if (remote != null) {
      try {
        Remotes.trust(remote);
      } catch (IOException e) {
        throw new CommandException(
            ExitCode.CONFIG, file + ": remote.tls.authorities: " + e.getMessage(), e);
      }
    }
    if (remote != null) {
      Remotes.tokenWarning(remote)
          .ifPresent(warning -> print(file + ": warning: remote.token: " + warning));
    }
    List<HostFinding> findings = remote == null ? List.of() : SlaveHost.findings(config);
    if (findings.isEmpty()) {
      print(file + ": no problems");
      return ExitCode.OK;
    }
    findings.forEach(finding -> print("this host: " + finding));
    return ExitCode.FINDINGS;
  }
}
