package dev.muster.balancer.proxy;

import dev.muster.balancer.guard.Ejection.Cause;
import dev.muster.balancer.upstream.Instance;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A second copy of a request that its first instance is slow to answer, sent to another one. Who
/// answers first wins. Belongs to the exchange's loop.
final class Hedge implements Asker {
  private final Tenure tenure;
  private final Replay request;
  private final Consumer<Hedge> won;
  private final UpstreamConnection connection;
  private boolean isOver;

  private Hedge(Tenure tenure, Replay request, Consumer<Hedge> won, UpstreamConnection connection) {
    this.tenure = tenure;
    this.request = request;
    this.won = won;
    this.connection = connection;
  }

  /// Sends the request to an instance that it has not met; null if there is none.
  ///
  /// @param won told when it has an answer first
  static @Nullable Hedge start(Worker worker, Tenure tenure, Replay request, Consumer<Hedge> won) {
    if (tenure.next() < 0) {
      return null;
    }
    Instance instance = tenure.instance();
    UpstreamConnection kept = worker.idle.poll(instance);
    instance.requests().increment();
    worker.counters.retries().increment();
    UpstreamConnection used = kept == null ? new UpstreamConnection(worker, instance) : kept;
    Hedge hedge = new Hedge(tenure, request, won, used);
    if (kept == null) {
      used.connect(hedge);
    } else {
      used.assign(hedge);
      hedge.connected(used);
    }
    return hedge;
  }

  Tenure tenure() {
    return tenure;
  }

  UpstreamConnection connection() {
    return connection;
  }

  /// The other one won, or nobody is there any more.
  void cancel() {
    if (!isOver) {
      isOver = true;
      connection.close();
      tenure.end();
    }
  }

  @Override
  public void connected(UpstreamConnection connected) {
    if (connected.isReused()) {
      tenure.attempts().reused();
    } else {
      tenure.attempts().connected();
    }
    request.writeTo(connected, tenure.strip(), true);
    connected.flush();
  }

  @Override
  public void connectFailed(UpstreamConnection failed) {
    fail(Cause.CONNECT, false);
  }

  @Override
  public void received(UpstreamConnection from, ByteBuf bytes) {
    if (isOver) {
      bytes.release();
      return;
    }
    isOver = true;
    won.accept(this);
    connection.handTo(bytes);
  }

  @Override
  public void receivedAll() {}

  @Override
  public void writable() {}

  @Override
  public void closed(UpstreamConnection closed) {
    fail(Cause.RESET, closed.isReused());
  }

  private void fail(Cause cause, boolean isReused) {
    if (!isOver) {
      isOver = true;
      tenure.failed(cause, isReused);
      tenure.end();
    }
  }
}
