package freshet.indexer.connect;

import freshet.replicator.runtime.SystemTime;
import freshet.replicator.runtime.Time;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A peer that speaks as much of MySQL's protocol as a driver needs to connect and to run
 * statements, and fails as a script says: with any error at any moment, or with none. Accepts every
 * account.
 */
public final class MySqlStub implements AutoCloseable {
  /**
   * What is done instead of the greeting, of the answer to the login, or of that to a statement.
   */
  public sealed interface Reply {
    /** Done. */
    record Ok() implements Reply {}

    /** An error packet. */
    record Error(int code, String state, String message) implements Reply {}

    /** A text result; null is NULL. If it ends otherwise than well, that comes after the rows. */
    record Rows(List<List<@Nullable String>> rows, @Nullable Reply end) implements Reply {}

    /** Nothing more is said. */
    record Silence() implements Reply {}

    /** The connection is closed. */
    record Cut() implements Reply {}

    /** The connection is reset. */
    record Reset() implements Reply {}

    /** Bytes of another protocol. */
    record Raw(String text) implements Reply {}
  }

  /** The moments that are no statements. */
  public static final String GREETING = "greeting";

  public static final String LOGIN = "login";

  private static final int CAPABILITIES = 0x003e_a20f;
  private static final byte[] SALT = "12345678abcdefghijkl".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern VARIABLE = Pattern.compile("@@(?:\\w+\\.)?(\\w+)");
  private static final int COM_QUIT = 1;
  private static final int COM_QUERY = 3;

  private static final Map<String, String> VARIABLES =
      Map.of(
          "auto_increment_increment", "1",
          "interactive_timeout", "28800",
          "lower_case_table_names", "0",
          "max_allowed_packet", "67108864",
          "net_write_timeout", "60",
          "performance_schema", "0",
          "time_zone", "+00:00",
          "system_time_zone", "UTC",
          "transaction_isolation", "READ-COMMITTED",
          "wait_timeout", "28800");

  private record Rule(String moment, Reply reply) {}

  private final ServerSocket listener;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Time time = new SystemTime();
  private volatile CountDownLatch failed = new CountDownLatch(1);
  private volatile long ruledAt;

  /** Listens on a port of its own. */
  public MySqlStub() throws IOException {
    listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /** From now on this is what comes at a moment: one of the constants, or a part of a statement. */
  public void answer(String moment, Reply reply) {
    rules.add(new Rule(moment, reply));
  }

  /** All is well again, also for connections that are open and not silent yet. */
  public void heal() {
    rules.clear();
    failed = new CountDownLatch(1);
  }

  /** Waits until a rule has come to bear. */
  public void awaitRule() throws InterruptedException {
    failed.await();
  }

  /** How long ago a rule came to bear last. */
  public Duration sinceRule() {
    return time.since(ruledAt);
  }

  /** Where to connect. */
  public Endpoint endpoint() {
    return new Endpoint("127.0.0.1", listener.getLocalPort());
  }

  /** Connections so far. */
  public int accepted() {
    return accepted.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        accepted.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> converse(socket));
      }
    } catch (IOException e) {
      return;
    }
  }

  private @Nullable Reply rule(String moment, boolean isWhole) {
    for (Rule rule : rules) {
      if (isWhole ? moment.equals(rule.moment()) : moment.contains(rule.moment())) {
        ruledAt = time.nanoTime();
        failed.countDown();
        return rule.reply();
      }
    }
    return null;
  }

  private void converse(Socket socket) {
    try (socket) {
      Conversation conversation = new Conversation(socket);
      Reply instead = rule(GREETING, true);
      if (instead == null) {
        conversation.greet();
        conversation.read();
        instead = rule(LOGIN, true);
        boolean goesOn = conversation.say(instead == null ? new Reply.Ok() : instead);
        while (goesOn) {
          goesOn = conversation.answer(conversation.read());
        }
      } else {
        conversation.say(instead);
      }
    } catch (IOException e) {
      // The client has gone.
      return;
    }
  }

  /** One connection. */
  private final class Conversation {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private int sequence;

    Conversation(Socket socket) throws IOException {
      this.socket = socket;
      this.in = new DataInputStream(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    byte[] read() throws IOException {
      int length = in.read() | in.read() << 8 | in.read() << 16;
      sequence = in.readUnsignedByte() + 1;
      return in.readNBytes(length);
    }

    private void write(byte[] payload) throws IOException {
      byte[] packet = new byte[payload.length + 4];
      packet[0] = (byte) payload.length;
      packet[1] = (byte) (payload.length >> 8);
      packet[2] = (byte) (payload.length >> 16);
      packet[3] = (byte) sequence++;
      System.arraycopy(payload, 0, packet, 4, payload.length);
      out.write(packet);
    }

    void greet() throws IOException {
      Payload greeting = new Payload().number(10, 1).text("8.0.33-stub").number(0, 1).number(7, 4);
      greeting.bytes(SALT, 0, 8).number(0, 1).number(CAPABILITIES, 2).number(45, 1).number(2, 2);
      greeting.number(CAPABILITIES >>> 16, 2).number(SALT.length + 1, 1).bytes(new byte[10], 0, 10);
      greeting.bytes(SALT, 8, 12).number(0, 1).text("mysql_native_password").number(0, 1);
      write(greeting.toBytes());
    }

    /** Whether the conversation goes on. */
    boolean answer(byte[] request) throws IOException {
      if (request.length == 0 || request[0] == COM_QUIT) {
        return false;
      }
      if (request[0] != COM_QUERY) {
        return say(new Reply.Ok());
      }
      String sql = new String(request, 1, request.length - 1, StandardCharsets.UTF_8);
      Reply reply = rule(sql, false);
      return say(reply == null ? otherwise(sql) : reply);
    }

    boolean say(Reply reply) throws IOException {
      switch (reply) {
        case Reply.Ok ok -> write(new byte[] {0, 0, 0, 2, 0, 0, 0});
        case Reply.Error(int code, String state, String message) -> {
          write(new Payload().number(255, 1).number(code, 2).text("#" + state + message).toBytes());
        }
        case Reply.Rows(List<List<@Nullable String>> rows, Reply end) -> {
          return sayRows(rows, end);
        }
        case Reply.Silence silence -> {
          in.readAllBytes();
          return false;
        }
        case Reply.Cut cut -> {
          return false;
        }
        case Reply.Reset reset -> {
          socket.setSoLinger(true, 0);
          return false;
        }
        case Reply.Raw(String text) -> {
          out.write(text.getBytes(StandardCharsets.UTF_8));
          return false;
        }
      }
      return true;
    }

    private boolean sayRows(List<List<@Nullable String>> rows, @Nullable Reply end)
        throws IOException {
      int columns = rows.isEmpty() ? 1 : rows.getFirst().size();
      write(new Payload().number(columns, 1).toBytes());
      for (int i = 0; i < columns; i++) {
        Payload column = new Payload().sized("def").sized("").sized("").sized("").sized("c" + i);
        column.sized("").number(12, 1).number(45, 2).number(1024, 4).number(0xfd, 1);
        write(column.number(0, 2).number(0, 1).number(0, 2).toBytes());
      }
      write(new byte[] {(byte) 0xfe, 0, 0, 2, 0});
      for (List<@Nullable String> row : rows) {
        Payload values = new Payload();
        row.forEach(values::sized);
        write(values.toBytes());
      }
      if (end != null) {
        return say(end);
      }
      write(new byte[] {(byte) 0xfe, 0, 0, 2, 0});
      return true;
    }
  }

  /** What a healthy server without tables says. */
  private static Reply otherwise(String sql) {
    if (sql.startsWith("SHOW GLOBAL VARIABLES")) {
      return rows(
          List.of(List.of("server_uuid", "stub"), List.of("max_allowed_packet", "67108864")));
    }
    if (!sql.contains("SELECT") || sql.startsWith("SET")) {
      return sql.startsWith("SHOW") ? rows(List.of()) : new Reply.Ok();
    }
    if (sql.contains("TIMESTAMPDIFF(MICROSECOND") && sql.contains("@@global.read_only")) {
      return rows(List.of(Arrays.asList("1700000000000000", "stub", "", "OFF", null, "1")));
    }
    List<String> values = new ArrayList<>();
    Matcher variable = VARIABLE.matcher(sql);
    while (variable.find()) {
      String name = variable.group(1);
      String text = name.startsWith("character_set") ? "utf8mb4" : "";
      values.add(VARIABLES.getOrDefault(name, text));
    }
    return rows(values.isEmpty() ? List.of() : List.of(values));
  }

  /** A result of these rows. */
  public static Reply rows(List<List<@Nullable String>> rows) {
    return new Reply.Rows(rows, null);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
