package dev.muster.balancer.request;

import java.util.ArrayList;
import java.util.List;

/// What redirects within the balancer changed about a request and its answer. Belongs to the loop
/// of its client.
public final class Detour {
  private final List<Line> carried = new ArrayList<>(0);
  private int status;
  private boolean isErrorPage;
  private boolean isGet;
  private boolean isBodyGone;

  /// A header line of the answer that led here, which the client gets all the same.
  ///
  /// @param name of the field
  /// @param value octets as Latin-1 characters
  public record Line(String name, String value) {}

  Detour() {}

  /// The status that the client is told whatever is answered in the end; 0 for that of the end.
  public int status() {
    return status;
  }

  /// See [#status].
  public void tell(int code) {
    status = code;
  }

  /// Whether no further error gets a page.
  public boolean isErrorPage() {
    return isErrorPage;
  }

  /// See [#isErrorPage].
  public void leadsToErrorPage() {
    isErrorPage = true;
  }

  /// Whether the method is GET now, whatever was sent.
  public boolean isGet() {
    return isGet;
  }

  /// The method is GET from now on, and there is no body.
  public void becomeGet() {
    isGet = true;
    isBodyGone = true;
  }

  /// Whether the request goes on without the body that was sent with it.
  public boolean isBodyGone() {
    return isBodyGone;
  }

  /// The body was used up.
  public void loseBody() {
    isBodyGone = true;
  }

  /// Lines that the answer gets beside its own; Content-Type instead of its own.
  public List<Line> carried() {
    return carried;
  }

  /// Carries a line to the answer.
  public void carry(String name, String value) {
    carried.add(new Line(name, value));
  }
}
