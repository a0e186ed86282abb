package freshet.replicator.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import freshet.replicator.runtime.SystemTime;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFilesIT {
  @TempDir Path folder;
  private TestCertificate one;

  @BeforeEach
  void make() throws Exception {
    one = TestCertificate.of(folder, "one");
  }

  @Test
  void aCertificateAndItsKeyMakeAServer() throws Exception {
    TestCertificate rsa = TestCertificate.of(folder, "rsa", "RSA", "dns:localhost", "-1d");
    for (TestCertificate each : new TestCertificate[] {one, rsa}) {
      assertThat(TlsContexts.server(each.certificate(), each.key(), new SystemTime())).isNotNull();
    }
    assertThat(TlsContexts.trusting(one.certificate())).isNotNull();
  }

  @Test
  void aKeyOfAnotherCertificateIsRefused() throws Exception {
    TestCertificate rsa = TestCertificate.of(folder, "rsa", "RSA", "dns:localhost", "-1d");
    TestCertificate other = TestCertificate.of(folder, "other");
    for (Path key : new Path[] {other.key(), rsa.key()}) {
      refused(one.certificate(), key)
          .hasMessageContaining("the key " + key + " does not belong to the certificate")
          .hasMessageContaining("CN=one");
    }
  }

  @Test
  void oneThatIsNotValidNowIsRefused() throws Exception {
    TestCertificate old = TestCertificate.of(folder, "old", "EC", "dns:localhost", "-40d");
    TestCertificate early = TestCertificate.of(folder, "early", "EC", "dns:localhost", "+2d");
    for (TestCertificate each : new TestCertificate[] {old, early}) {
      refused(each.certificate(), each.key())
          .hasMessageContaining("is valid from")
          .hasMessageContaining("renew the certificate, or set this host's clock");
    }
  }

  @Test
  void keysInOtherFormsAreToldWhatToDo() throws Exception {
    Path key = folder.resolve("form.key");
    Files.writeString(key, TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[10]));
    refused(one.certificate(), key)
        .hasMessageContaining("is encrypted, a key without a password is expected")
        .hasMessageContaining("openssl pkcs8 -in " + key);
    Files.writeString(key, TestCertificate.pem("RSA PRIVATE KEY", new byte[10]));
    refused(one.certificate(), key).hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in");
    Files.writeString(key, TestCertificate.pem("PRIVATE KEY", new byte[10]));
    refused(one.certificate(), key).hasMessageContaining("holds no key of these kinds: RSA, EC");
    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n=!=\n-----END PRIVATE KEY-----");
    refused(one.certificate(), key).hasMessageContaining(key.toString());
  }

  @Test
  void filesThatAreNoneAreNamed() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty"));
    refused(empty, one.key()).hasMessageContaining(empty + " has no certificate");
    refused(one.certificate(), empty).hasMessageContaining(empty + " has no key");
    refused(folder.resolve("none"), one.key()).hasMessageContaining("there is no file");
    refused(folder, one.key()).hasMessageContaining(folder.toString());
    Files.writeString(empty, TestCertificate.pem("CERTIFICATE", new byte[10]));
    refused(empty, one.key()).hasMessageContaining("a certificate that can't be read");
    assertThatThrownBy(() -> TlsContexts.trusting(empty)).isInstanceOf(PemException.class);
  }

  private static AbstractThrowableAssert<?, ?> refused(Path certificate, Path key) {
    return assertThatThrownBy(() -> TlsContexts.server(certificate, key, new SystemTime()))
        .isInstanceOf(PemException.class);
  }
}
