package dev.muster.services.starter;

import java.util.List;
import org.springframework.http.HttpStatus;

/// An answer that is an error, thrown where it is found and written as `application/problem+json`
/// (RFC 9457).
final class Problem extends RuntimeException {
  private final HttpStatus status;
  private final String detail;
  private final List<Fault> faults;

  Problem(HttpStatus status, String detail, Fault... faults) {
    super(detail, null, false, false);
    this.status = status;
    this.detail = detail;
    this.faults = List.of(faults);
  }

  /// 422 which names every member that is wrong.
  static Problem unprocessable(Fault... faults) {
    StringBuilder detail = new StringBuilder("The body does not fit:");
    String separator = " ";
    for (Fault fault : faults) {
      String name = fault.pointer().equals("#") ? "it" : fault.pointer().substring(2);
      detail.append(separator).append(name).append(' ').append(fault.detail());
      separator = "; ";
    }
    return new Problem(HttpStatus.UNPROCESSABLE_CONTENT, detail.toString(), faults);
  }

  HttpStatus status() {
    return status;
  }

  String detail() {
    return detail;
  }

  List<Fault> faults() {
    return faults;
  }

  /// One wrong place in a body.
  ///
  /// @param pointer where, as a JSON pointer in a URI fragment
  /// @param detail what must be there
  record Fault(String pointer, String detail) {}
}
