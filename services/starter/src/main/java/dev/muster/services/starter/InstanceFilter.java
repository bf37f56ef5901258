package dev.muster.services.starter;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;

/// Tells every client which instance answered, and while the service shuts down, to bring its next
/// request on another connection: a kept connection would be cut.
final class InstanceFilter implements Filter {
  private final String instanceId;
  private final Readiness readiness;

  InstanceFilter(String instanceId, Readiness readiness) {
    this.instanceId = instanceId;
    this.readiness = readiness;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse answer = (HttpServletResponse) response;
    answer.setHeader("X-Instance-Id", instanceId);
    if (readiness.isShuttingDown()) {
      answer.setHeader(HttpHeaders.CONNECTION, "close");
    }
    chain.doFilter(request, response);
  }
}
