package freshet.replicator.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A PEM file that TLS can't be made of. The message names it, and never holds what is in a key. */
public final class PemException extends IOException {
  private static final long serialVersionUID = 1L;

  PemException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
