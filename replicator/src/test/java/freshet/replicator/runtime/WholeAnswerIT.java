package freshet.replicator.runtime;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WholeAnswerIT {

  /** What a slave's report waited for: the client's own time-out ends with the headers. */
  @Test
  @Timeout(30)
  void anAnswerThatStopsInItsBodyIsNotWaitedForForEver() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newHttpClient()) {
      Future<Socket> answered = threads.submit(() -> answerHalf(server));
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.getLocalPort())).build();
      assertThatThrownBy(
              () ->
                  WholeAnswer.of(
                      client, request, BodyHandlers.discarding(), Duration.ofMillis(500)))
          .isInstanceOf(HttpTimeoutException.class)
          .hasMessage("no whole answer within 500 ms");
      answered.get().close();
    }
  }

  private static Socket answerHalf(ServerSocket server) throws Exception {
    Socket peer = server.accept();
    peer.getOutputStream()
        .write(
            "HTTP/1.1 409 Conflict\r\nContent-Length: 10\r\n\r\nx"
                .getBytes(StandardCharsets.US_ASCII));
    peer.getOutputStream().flush();
    return peer;
  }
}
