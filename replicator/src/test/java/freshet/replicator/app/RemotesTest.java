package freshet.replicator.app;

import static org.assertj.core.api.Assertions.assertThat;

import freshet.replicator.app.ReplicatorConfig.RemoteSettings;
import freshet.replicator.config.Secret;
import freshet.replicator.remote.RemoteOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemotesTest {
  private static final Secret TOKEN = Secret.ofFile(Path.of("token"));

  @ParameterizedTest
  @ValueSource(strings = {"http://master:8700", "http://10.0.0.7:8700/a", "http://[fe80::1]:8700"})
  void aTokenThatOthersCouldReadOnItsWayIsWarnedOf(String url) {
    assertThat(Remotes.tokenWarning(remote(url, TOKEN)))
        .hasValueSatisfying(warning -> assertThat(warning).contains("plain HTTP", "https://"));
    assertThat(Remotes.tokenWarning(remote(url, null))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://master:8700",
        "http://localhost:8700",
        "http://127.0.0.1:8700",
        "http://[::1]:8700",
        "rsync://master/repository",
        "file:///repository"
      })
  void oneThatNobodyElseSeesIsNot(String url) {
    assertThat(Remotes.tokenWarning(remote(url, TOKEN))).isEmpty();
  }

  @Test
  void theWarningNamesWhereItGoes() {
    assertThat(Remotes.tokenWarning(remote("http://master:8700", TOKEN)).orElseThrow())
        .startsWith("the token goes to master over plain HTTP");
  }

  private static RemoteSettings remote(String url, @Nullable Secret token) {
    return new RemoteSettings(url, RemoteOptions.defaults(), token, null);
  }
}
