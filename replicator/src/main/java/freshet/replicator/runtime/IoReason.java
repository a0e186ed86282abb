package freshet.replicator.runtime;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why something could not be read or written, in words for people, who know no Java. */
public final class IoReason {
  private static final String UNKNOWN_HOST =
      "this host's name service (DNS) knows no such host: correct the name, or its entry there";

  private IoReason() {}

  /** What was found, the thing where it is known, and the fix where there is one. */
  public static String of(Throwable failure) {
    return switch (failure) {
      case FileSystemException file -> of(file);
      case ConnectException connect -> of(connect);
      case UnknownHostException host -> UNKNOWN_HOST;
      case IOException disk when isFull(disk) -> disk.getMessage() + ": make room there";
      // Whoever throws these says it all; others' messages lean on the name of their class.
      case IOException own when isWorded(own) -> String.valueOf(own.getMessage());
      default -> {
        String name = failure.getClass().getSimpleName();
        yield failure.getMessage() == null ? name : name + ": " + failure.getMessage();
      }
    };
  }

  private static String of(ConnectException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof UnresolvedAddressException || at instanceof UnknownHostException) {
        return UNKNOWN_HOST;
      }
    }
    // The HTTP client tells a refusal by the class alone; what else there is has a message.
    String message = failure.getMessage();
    return message == null || message.startsWith("Connection refused")
        ? "connection refused: nothing listens at that port: start what should, or correct the"
            + " address"
        : message;
  }

  private static String of(FileSystemException failure) {
    String reason = failure.getReason();
    String what =
        switch (failure) {
          case AccessDeniedException denied ->
              "account %s may not: run this as the account that owns it, or give it the right"
                  .formatted(System.getProperty("user.name"));
          case NoSuchFileException gone -> "there is no such file or folder";
          case FileAlreadyExistsException there -> "there is such a file already";
          default -> reason == null ? failure.getClass().getSimpleName() : reason + fix(reason);
        };
    return failure.getFile() == null ? what : failure.getFile() + ": " + what;
  }

  private static String fix(String reason) {
    return switch (reason) {
      case "Read-only file system" -> ": mount it for writing, or name another folder";
      case "No space left on device" -> ": make room there";
      default -> "";
    };
  }

  private static boolean isFull(IOException failure) {
    return "No space left on device".equals(failure.getMessage());
  }

  private static boolean isWorded(IOException failure) {
    return failure.getMessage() != null
        && (failure.getClass() == IOException.class
            || failure.getClass().getName().startsWith("freshet."));
  }
}
