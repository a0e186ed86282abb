package freshet.replicator.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What stands in a PEM file. */
final class PemFile {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
  private static final int MAX_BYTES = 4 << 20;

  private PemFile() {}

  private record Block(String label, String body) {}

  /** Its certificates, in order; at least one. */
  static List<X509Certificate> certificates(Path file) throws PemException {
    List<X509Certificate> found = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.label().equals("CERTIFICATE")) {
        found.add(certificate(file, block));
      }
    }
    if (found.isEmpty()) {
      throw new PemException(
          file + " has no certificate: a PEM file with -----BEGIN CERTIFICATE----- is expected",
          null);
    }
    return found;
  }

  /** Its one private key. */
  static PrivateKey key(Path file) throws PemException {
    for (Block block : blocks(file)) {
      switch (block.label()) {
        case "PRIVATE KEY" -> {
          return parse(file, block);
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new PemException(
                file
                    + " is encrypted, a key without a password is expected, in a file that only"
                    + " this user can read; decrypt it with: openssl pkcs8 -in "
                    + file
                    + " -out key.pem",
                null);
        case "RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY" ->
            throw new PemException(
                "%s holds an %s, PKCS#8 (-----BEGIN PRIVATE KEY-----) is expected; convert it with: openssl pkcs8 -topk8 -nocrypt -in %s -out key.pem"
                    .formatted(file, block.label(), file),
                null);
        default -> {}
      }
    }
    throw new PemException(
        file + " has no key: a PEM file with -----BEGIN PRIVATE KEY----- is expected", null);
  }

  private static List<Block> blocks(Path file) throws PemException {
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new PemException(
            "%s has more than %d bytes: a PEM file is expected".formatted(file, MAX_BYTES), null);
      }
      text = Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (PemException e) {
      throw e;
    } catch (NoSuchFileException e) {
      throw new PemException("there is no file " + file + ": a PEM file is expected", e);
    } catch (IOException e) {
      throw new PemException("%s can't be read: %s".formatted(file, e), e);
    }
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private static X509Certificate certificate(Path file, Block block) throws PemException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(decode(file, block)));
    } catch (CertificateException e) {
      throw new PemException(
          "%s holds a certificate that can't be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static PrivateKey parse(Path file, Block block) throws PemException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(decode(file, block));
    @Nullable GeneralSecurityException last = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw new PemException(
        "%s holds no key of these kinds: %s".formatted(file, String.join(", ", ALGORITHMS)), last);
  }

  private static byte[] decode(Path file, Block block) throws PemException {
    // The bodies of old formats begin with headers, which Base64 refuses: their labels differ.
    try {
      return Base64.getMimeDecoder().decode(block.body());
    } catch (IllegalArgumentException e) {
      throw new PemException(
          "%s is damaged: its %s is no Base64".formatted(file, block.label()), e);
    }
  }
}
