package freshet.indexer.connect;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up names. It may take as long as it likes: whoever asks leaves it behind. */
interface Resolver {
  /** The host's own. */
  Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

  List<InetAddress> resolve(String host) throws UnknownHostException;
}
