package dev.muster.balancer.request;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a request: filled in while it is served, whole when it is over. Belongs to the
/// loop of its client.
public final class Outcome {
  private int status;
  private long bytes;
  private long headBytes;
  private long receivedBytes;
  private long nanos;
  private @Nullable List<Try> tries;

  /// One instance that was asked. Times are nanoseconds from when it was chosen, -1 for what did
  /// not happen.
  public static final class Try {
    private final String address;
    private final long startedNanos;
    private int status;
    private long connectNanos = -1;
    private long headerNanos = -1;
    private long responseNanos = -1;

    /// @param address of the instance, with its port
    /// @param startedNanos by the loop's clock
    public Try(String address, long startedNanos) {
      this.address = address;
      this.startedNanos = startedNanos;
    }

    /// Of the instance, with its port.
    public String address() {
      return address;
    }

    /// When it was chosen, by the loop's clock.
    public long startedNanos() {
      return startedNanos;
    }

    /// The status of its answer, or what the client would be told if there was none; 0 before.
    public int status() {
      return status;
    }

    /// Until there was a connection, 0 for a kept one.
    public long connectNanos() {
      return connectNanos;
    }

    /// Until the head of its answer was there.
    public long headerNanos() {
      return headerNanos;
    }

    /// Until its answer was there, or it was given up.
    public long responseNanos() {
      return responseNanos;
    }

    /// There is a connection to it.
    ///
    /// @param tookNanos 0 for a kept one
    public void connected(long tookNanos) {
      connectNanos = tookNanos;
    }

    /// The head of its answer is there.
    public void responded(int answered, long nowNanos) {
      status = answered;
      headerNanos = nowNanos - startedNanos;
    }

    /// Its answer is there, or will not come.
    ///
    /// @param otherwise the status if no answer began
    public void ended(int otherwise, long nowNanos) {
      status = status == 0 ? otherwise : status;
      responseNanos = nowNanos - startedNanos;
    }
  }

  /// The status of the answer; 499 if the client left before it began, 444 if it was to get none; 0
  /// before.
  public int status() {
    return status;
  }

  /// Octets sent to the client, heads included.
  public long bytes() {
    return bytes;
  }

  /// Octets sent to the client behind the head, framing included.
  public long bodyBytes() {
    return bytes - headBytes;
  }

  /// Octets of the request, its head included.
  public long receivedBytes() {
    return receivedBytes;
  }

  /// How long it took from its head to its end; 0 before.
  public long nanos() {
    return nanos;
  }

  /// Those that were asked, in order.
  public List<Try> tries() {
    return tries == null ? List.of() : tries;
  }

  /// An answer began.
  public void answered(int with) {
    status = with;
  }

  /// So many octets of what is sent are a head.
  public void headSent(int octets) {
    headBytes += octets;
  }

  /// Octets were sent to the client.
  public void sent(int octets) {
    bytes += octets;
  }

  /// Octets of the request came.
  public void received(int octets) {
    receivedBytes += octets;
  }

  /// Another instance is asked.
  public Try tried(String address, long nowNanos) {
    List<Try> known = tries;
    if (known == null) {
      known = new ArrayList<>(1);
      tries = known;
    }
    Try next = new Try(address, nowNanos);
    known.add(next);
    return next;
  }

  /// It is over.
  public void ended(long tookNanos) {
    nanos = tookNanos;
  }
}
