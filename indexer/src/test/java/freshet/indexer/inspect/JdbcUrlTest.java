package freshet.indexer.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.indexer.connect.Endpoint;
import freshet.indexer.connect.Tls;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcUrlTest {

  @Test
  void severalServersAndWhatIsAskedOfTheEncryption() {
    JdbcUrl url = JdbcUrl.parse("jdbc:mysql://db1:3307,[::1]/shop?user=app&sslMode=REQUIRED");

    assertThat(url.endpoints())
        .containsExactly(new Endpoint("db1", 3307), new Endpoint("::1", 3306));
    Access access = Access.of(url, null, null, null);
    assertThat(access.database()).isEqualTo("shop");
    assertThat(access.user()).isEqualTo("app");
    assertThat(access.tls()).isEqualTo(new Tls.Required());
    assertThat(Access.of(url, "other", null, Path.of("/ca.pem")).tls())
        .isEqualTo(new Tls.VerifyCa(Path.of("/ca.pem")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mysql://db/shop | expected is jdbc:mysql://HOST:PORT/DATABASE",
        "jdbc:postgresql://db/shop | expected is jdbc:mysql://HOST:PORT/DATABASE",
        "jdbc:mysql://db:3306 | it names no database",
        "jdbc:mysql://db:99999/shop | port 99999",
        "jdbc:mysql:///shop | '' is no host with a port",
        "jdbc:mysql://app:hush@db/shop | take it out",
        "jdbc:mysql://db/shop?password=hush | take it out"
      })
  void whatIsNoAddressIsRefusedWithoutShowingAPassword(String url, String message) {
    assertThatThrownBy(() -> JdbcUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("hush");
  }

  @Test
  void anAccountAndCertificatesAreAskedForWhereTheyAreMissing() {
    JdbcUrl plain = JdbcUrl.parse("jdbc:mysql://db/shop");
    assertThatThrownBy(() -> Access.of(plain, null, null, null))
        .hasMessageContaining("--user NAME");
    JdbcUrl verified = JdbcUrl.parse("jdbc:mysql://db/shop?sslMode=VERIFY_CA");
    assertThatThrownBy(() -> Access.of(verified, "app", null, null))
        .hasMessageContaining("sslMode=VERIFY_CA")
        .hasMessageContaining("--ca-file FILE");
  }
}
