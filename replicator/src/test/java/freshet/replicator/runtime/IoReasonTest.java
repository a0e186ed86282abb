package freshet.replicator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IoReasonTest {
  private static final String LOCK = "/data/indexer.lock";

  static Stream<Arguments> failures() {
    return Stream.of(
        arguments(new ConnectException(), "connection refused: nothing listens"),
        arguments(new ConnectException("Connection refused"), "connection refused: nothing"),
        arguments(
            new ConnectException().initCause(new ClosedChannelException()), "connection refused"),
        arguments(
            new ConnectException().initCause(new UnresolvedAddressException()), "knows no such"),
        arguments(new ConnectException("No route to host"), "No route to host"),
        arguments(new UnknownHostException("db7"), "(DNS) knows no such host"),
        arguments(
            new FileSystemException(LOCK, null, "Read-only file system"),
            LOCK + ": Read-only file system: mount it for writing"),
        arguments(
            new FileSystemException(LOCK, null, "No space left on device"),
            LOCK + ": No space left on device: make room there"),
        arguments(new IOException("No space left on device"), "No space left on device: make"),
        arguments(new AccessDeniedException(LOCK), LOCK + ": account "),
        arguments(new NoSuchFileException(LOCK), LOCK + ": there is no such file or folder"),
        arguments(new IOException("2 bytes are missing"), "2 bytes are missing"),
        arguments(new HttpTimeoutException("timed out"), "HttpTimeoutException: timed out"),
        arguments(new EOFException(), "EOFException"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void itIsSaidInWords(Throwable failure, String words) {
    assertThat(IoReason.of(failure)).contains(words).doesNotContain("java.");
  }
}
