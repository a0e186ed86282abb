package freshet.replicator.serve;

import freshet.replicator.http.Transfer;

/** A transfer during which a lease is renewed: one file may take longer than a lease lasts. */
record LeasedTransfer(Transfer transfer, Runnable renew) implements Transfer {
  @Override
  public int next(long left) throws InterruptedException {
    int bytes = transfer.next(left);
    renew.run();
    return bytes;
  }

  @Override
  public void close() {
    transfer.close();
  }
}
